import { watch } from 'node:fs/promises'
import { exitCodes, type ExitCode } from '../cli/exit-codes.ts'
import { explainFailure } from '../cli/failure.ts'
import type { Terminal } from '../cli/terminal.ts'

/** Editors write a file in several steps: what comes this soon after the first change belongs to it. */
const settleMs = 50

/** Runs `round` at once and after every change below `folder`, until `signal` says to stop. */
export async function watchFactory(
  folder: string,
  signal: AbortSignal,
  terminal: Terminal,
  round: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const changes = new Changes()
  const watching = changes.follow(folder, signal)
  while (!signal.aborted) {
    try {
      await round()
    } catch (error) {
      // The next change may mend it.
      terminal.note(explainFailure(error).text)
    }
    terminal.note(`Waiting for changes in ${folder}; Ctrl-C ends`)
    await changes.next(signal)
  }
  await watching
  return exitCodes.ok
}

class Changes {
  #isChanged = false
  #wake: () => void = () => {}

  async follow(folder: string, signal: AbortSignal): Promise<void> {
    try {
      for await (const _change of watch(folder, { recursive: true, signal })) {
        this.#isChanged = true
        this.#wake()
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  async next(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (!this.#isChanged && !signal.aborted) await promise
    if (!signal.aborted) await new Promise((later) => setTimeout(later, settleMs))
    this.#isChanged = false
  }
}
