import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

/** Times in milliseconds, in the order in which they were taken. */
export interface Comparison {
  readonly limit: readonly number[]
  readonly measured: readonly number[]
  /** Median over the rounds of measured / limit. */
  readonly ratio: number
}

export interface CompareOptions {
  readonly rounds: number
  /** Both return milliseconds. They take turns: limit, measured, limit, measured … */
  readonly limit: (round: number) => Promise<number>
  readonly measured: (round: number) => Promise<number>
  /** What the ratio should not exceed. */
  readonly target?: number
  /** All work is done by this process: says its processor time too, which other load on the machine disturbs less. */
  readonly inProcess?: boolean
}

/** Prints what one bench program finds, with machine, versions and load, and keeps it as one line of `bench/results/<name>.jsonl`. */
export class Report {
  readonly #name: string
  readonly #sizes: Readonly<Record<string, number | string>>
  readonly #start = new Date()
  readonly #findings: object[] = []

  constructor(name: string, sizes: Readonly<Record<string, number | string>>) {
    this.#name = name
    this.#sizes = sizes
    const { cpu, cores, memory, node, commit } = machine
    console.log(`${name}: ${cpu} x ${cores}, ${memory} GiB, node ${node}, commit ${commit}`)
    console.log(
      Object.entries(sizes)
        .map(([size, value]) => `${size} ${value}`)
        .join(', '),
    )
  }

  /** Whether the program's `--only` leaves a title in. */
  wants(title: string): boolean {
    const only = argument('only')
    return only === undefined || title.includes(only)
  }

  /**
   * The limit and what is measured against it, in turns; a round of both before it counts for nothing. Null: left out, since the program's
   * `--only` names another title.
   */
  async compare(title: string, options: CompareOptions): Promise<Comparison | null> {
    if (!this.wants(title)) return null
    const [limit, measured]: [number[], number[]] = [[], []]
    await options.limit(-1)
    await options.measured(-1)
    const cpu: Record<'limit' | 'measured', number[]> = { limit: [], measured: [] }
    for (let round = 0; round < options.rounds; round += 1) {
      const start = processorTime()
      limit.push(await options.limit(round))
      const between = processorTime()
      measured.push(await options.measured(round))
      cpu.limit.push(between - start)
      cpu.measured.push(processorTime() - between)
    }
    const found = this.compared(title, limit, measured, options.target)
    if (options.inProcess === true) this.compared('  the same by processor time', cpu.limit, cpu.measured)
    return found
  }

  /** Times that were taken elsewhere, pair by pair. */
  compared(
    title: string,
    limit: readonly number[],
    measured: readonly number[],
    target?: number,
  ): Comparison {
    const ratios = limit.map((low, round) => (measured[round] ?? Number.NaN) / low)
    const ratio = quantile(ratios, 0.5)
    const range = `${quantile(ratios, 0).toFixed(2)} to ${quantile(ratios, 1).toFixed(2)}`
    const wanted = target === undefined ? '' : `, target ${target}: ${ratio <= target ? 'held' : 'MISSED'}`
    console.log(
      `${title}: limit ${time(quantile(limit, 0.5))}, headrace ${time(quantile(measured, 0.5))}, ratio ${ratio.toFixed(2)} (${range})${wanted}  [${load()}]`,
    )
    this.#findings.push({ title, limit, measured, ratio, target, load: loadavg() })
    return { limit, measured, ratio }
  }

  /** A figure without a limit beside it. */
  figure(title: string, value: number, unit: string): void {
    const text = unit === 'ms' ? time(value) : `${Number(value.toPrecision(4))} ${unit}`
    console.log(`${title}: ${text}  [${load()}]`)
    this.#findings.push({ title, value, unit, load: loadavg() })
  }

  /** Something promised does not hold: the program exits with 1. */
  failed(what: string): void {
    console.log(`FAILED: ${what}`)
    this.#findings.push({ failed: what })
    process.exitCode = 1
  }

  /** Adds the line to the results. */
  end(): void {
    const folder = join(import.meta.dirname, 'results')
    mkdirSync(folder, { recursive: true })
    const line = { time: this.#start.toISOString(), machine, sizes: this.#sizes, findings: this.#findings }
    appendFileSync(join(folder, `${this.#name}.jsonl`), `${JSON.stringify(line)}\n`)
  }
}

/** Of this process, in milliseconds. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** By linear interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** A whole number from the command line: `--name value`. */
export function size(name: string, otherwise: number): number {
  const text = argument(name)
  const value = text === undefined ? otherwise : Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`--${name} is ${text}; allowed: a whole number from 1`)
  return value
}

function argument(name: string): string | undefined {
  const place = process.argv.indexOf(`--${name}`)
  return place < 0 ? undefined : (process.argv[place + 1] ?? '')
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown processor',
  cores: cpus().length,
  memory: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  }).trim(),
}

function load(): string {
  return `load ${loadavg()[0]?.toFixed(1)}`
}

function time(ms: number): string {
  return ms < 10_000 ? `${ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`
}
