import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { inputOf } from './input.ts'
import { readSeeds, type Seeds } from './seeds.ts'
import type { Answer } from './target-process.ts'
import { targets } from './targets.ts'

/**
 * `npm run fuzz -- --seconds 60 --seed 1`: throws changed files at each parser in a process of its own with a small heap. Exit code 1 when
 * one crashed, hung, grew or broke a promise; the input is saved, and `--target zip --input <file>` runs it again.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true, default: Object.keys(targets) },
    input: { type: 'string' },
  },
})

/** Processor time that one input may take. */
const cpuLimitMs = 2_000
/** A process that does not answer in this time hangs, unless it is one that got no processor: other programs may have them all. */
const wallLimitMs = 15_000
/** Then it hangs all the same. */
const longestWallMs = 150_000
const heapMegabytes = 256
const residentLimit = 768 * 2 ** 20
/** After so many finds of one target the others tell more. */
const mostFinds = 10

class Worker {
  private readonly child: ChildProcess

  constructor(target: string) {
    this.child = fork(join(import.meta.dirname, 'target-process.ts'), [target], {
      execArgv: [`--max-old-space-size=${heapMegabytes}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
  }

  /** What is wrong with how the target took the input; null: nothing. A process with which something is wrong is ended. */
  async feed(input: Buffer): Promise<string | null> {
    const timer = new AbortController()
    const died = once(this.child, 'exit', { signal: timer.signal }).then(
      ([code, signal]) => `ended with ${signal ?? code}`,
    )
    const answered = once(this.child, 'message', { signal: timer.signal }).then(([message]) =>
      judge(message as Answer),
    )
    const hung = this.hangs(timer.signal)
    this.child.send(input, () => undefined)
    const wrong = await Promise.race([died, answered, hung])
    timer.abort()
    await Promise.allSettled([died, answered])
    if (wrong !== null) await this.end()
    return wrong
  }

  private async hangs(signal: AbortSignal): Promise<string> {
    const before = processorMs(this.child.pid)
    for (let waited = wallLimitMs; ; waited += wallLimitMs) {
      // Ends with the answer, after which nobody reads what this says.
      await sleep(wallLimitMs, undefined, { signal }).catch(() => undefined)
      const now = processorMs(this.child.pid)
      const used = now === Infinity ? Infinity : now - before
      if (signal.aborted || used > cpuLimitMs || waited >= longestWallMs)
        return `gave no answer in ${waited} ms, ${used} of which it had a processor`
    }
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await ended
  }
}

/** Processor time of a process so far; infinite where the system does not say: then only the clock counts. */
function processorMs(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    // In hundredths of a second on every Linux.
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Infinity
  }
}

function judge({ unexpected, cpuMs, residentBytes }: Answer): string | null {
  if (unexpected !== null) return `threw ${unexpected}`
  if (cpuMs > cpuLimitMs) return `took ${Math.round(cpuMs)} ms of processor time`
  if (residentBytes > residentLimit) return `holds ${Math.round(residentBytes / 2 ** 20)} MB`
  return null
}

async function fuzzTarget(name: string, seed: number, seconds: number, seeds: Seeds): Promise<number> {
  const own = seeds[targets[name]?.seeds ?? 'scan']
  let [inputs, finds, worker] = [0, 0, new Worker(name)]
  await worker.feed(Buffer.alloc(0))
  const deadline = performance.now() + seconds * 1000
  for (; performance.now() < deadline && finds < mostFinds; inputs++) {
    const input = inputOf(seed, name, inputs, own)
    const wrong = await worker.feed(input)
    if (wrong === null) continue
    finds++
    const file = await save(name, seed, inputs, input)
    console.log(
      `${name}: ${wrong}\n    seed ${seed}, input ${inputs}, ${input.length} bytes, saved as ${file}`,
    )
    worker = new Worker(name)
  }
  await worker.end()
  console.log(`${name.padEnd(18)} ${String(inputs).padStart(8)} inputs, ${finds} finds`)
  return finds
}

let folder: string | null = null

async function save(target: string, seed: number, n: number, input: Buffer): Promise<string> {
  folder ??= await mkdtemp(join(tmpdir(), 'headrace-fuzz-'))
  const file = join(folder, `${target}-${seed}-${n}`)
  await writeFile(file, input)
  return file
}

async function main(): Promise<number> {
  const unknown = values.target.find((name) => !Object.hasOwn(targets, name))
  if (unknown !== undefined)
    throw new Error(`--target ${unknown} is none; there are ${Object.keys(targets).join(', ')}`)
  const [seed, seconds] = [Number(values.seed), Number(values.seconds)]
  if (values.input !== undefined) {
    const worker = new Worker(values.target[0] ?? '')
    const wrong = await worker.feed(await readFile(values.input))
    await worker.end()
    console.log(wrong ?? 'nothing is wrong')
    return wrong === null ? 0 : 1
  }
  const seeds = await readSeeds(seed)
  for (const missing of seeds.missing) console.log(`without ${missing}`)
  let finds = 0
  for (const name of values.target)
    finds += await fuzzTarget(name, seed, seconds / values.target.length, seeds)
  return finds === 0 ? 0 : 1
}

process.exitCode = await main()
