import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '../../../config/settings.ts'
import { restartStack, startStack, stopStack } from '../../dev/stack.ts'
import { readStack, type StackState } from '../../dev/stack-state.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { jsonOption } from '../options.ts'
import type { Terminal } from '../terminal.ts'

export const up = defineCommand({
  description:
    'Obtains Temporal where it is missing, starts it with its UI on free loopback ports, then a worker. In the ' +
    'foreground it restarts what dies and stops both on Ctrl-C, and ends when another command stops them; with --detach both go on until `headrace down`. ' +
    'With HEADRACE_TEMPORAL_ADDRESS set, only a worker for that server is started.',
  positionals: [],
  options: {
    detach: { type: 'boolean', short: 'd', help: 'Return when all is ready' },
    port: {
      type: 'string',
      value: 'number',
      help: 'Port of Temporal (default: a free one)',
      variable: 'HEADRACE_TEMPORAL_PORT',
    },
    'ui-port': {
      type: 'string',
      value: 'number',
      help: "Port of Temporal's UI (default: a free one)",
      variable: 'HEADRACE_TEMPORAL_UI_PORT',
    },
    ...jsonOption,
  },
  examples: [
    { command: 'headrace up', does: 'start, watch, stop with Ctrl-C' },
    { command: 'headrace up --detach', does: 'start and return' },
    { command: 'headrace up --home /data/plant-2', does: 'a second installation beside the first' },
  ],
  async run({ values, settings, terminal, signal }) {
    const stack = await startStack(settings, terminal.note)
    if (values.json) terminal.json(describe(settings, stack))
    else for (const line of account(settings, stack)) terminal.print(line)
    if (values.detach) return exitCodes.ok
    if (!values.json) terminal.print('Stop with Ctrl-C.')
    if (await watch(settings, stack.tenure, terminal, signal))
      await stopStack(settings.home, terminal.note, stack.tenure)
    else terminal.note('Another command stopped them, or started them anew; this one ends.')
    return exitCodes.ok
  },
})

export function describe(settings: Settings, stack: StackState) {
  return {
    home: settings.home.root,
    temporal: settings.temporalAddress ?? stack.temporal?.address ?? null,
    ui: settings.temporalUi ?? stack.temporal?.ui ?? null,
    temporalPid: stack.temporal?.pid ?? null,
    workerPid: stack.worker?.pid ?? null,
    inbox: inboxOf(settings),
    lake: settings.home.lake,
    logs: settings.home.logs,
  }
}

export function inboxOf(settings: Settings): string {
  return settings.inbox ?? join(settings.home.lake, 'inbox')
}

export function account(settings: Settings, stack: StackState): string[] {
  const all = describe(settings, stack)
  return [
    `Temporal  ${all.temporal ?? 'not started'}`,
    `UI        ${all.ui ?? 'none'}`,
    `Worker    process ${all.workerPid ?? 'none'}, log in ${join(all.logs, 'worker.log')}`,
    `Inbox     ${all.inbox}`,
    `Lake      ${all.lake}`,
  ]
}

const lookEveryMs = 500
const longestPauseMs = 30_000
/** A process that lived this long had no trouble starting. */
const steadyAfterMs = 60_000

/**
 * What dies is started again, at growing intervals when it keeps dying. Until the signal (true), or until another command has stopped or
 * replaced what runs (false): that is not ours any more.
 */
async function watch(
  settings: Settings,
  tenure: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  let pause = 0
  let started = performance.now()
  while (!signal.aborted) {
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined)
    const { temporal, worker, tenure: current } = readStack(settings.home)
    if (current !== tenure) return false
    const lost = [
      ...(temporal === null && settings.temporalAddress === null ? ['Temporal'] : []),
      ...(worker === null ? ['The worker'] : []),
    ]
    if (lost.length === 0 || signal.aborted) continue
    pause = performance.now() - started > steadyAfterMs ? 0 : Math.min(longestPauseMs, pause * 2 + 500)
    terminal.note(`${lost.join(' and ')} ended; starting again …`)
    await sleep(pause, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) continue
    started = performance.now()
    await restartStack(settings, tenure, terminal.note).catch((error: unknown) =>
      terminal.note(error instanceof Error ? error.message : String(error)),
    )
  }
  return true
}
