import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setInterval as every } from 'node:timers/promises'
import { readStack } from '../../clients/dev/stack-state.ts'
import { createInstallation } from '../../test/support/installation.ts'
import { quantile, type Report } from '../report.ts'

export interface MemoryCase {
  readonly title: string
  /** Puts the drops into the inbox. */
  readonly make: (inbox: string) => Promise<unknown>
}

/**
 * Resident memory of a worker while bronze_ingest runs over ever more bytes: one installation with server and worker as processes, one
 * batch a case. Sampled twice a second on Linux; ten points of each series are printed.
 */
export async function workerMemory(report: Report, cases: readonly MemoryCase[]): Promise<void> {
  const wanted = cases.filter(({ title }) => report.wants(title))
  if (wanted.length === 0) return
  const installation = await createInstallation({ name: 'bench-ingest' })
  try {
    await installation.up()
    const worker = readStack(installation.settings.home).worker
    if (worker === null) throw new Error('no worker runs')
    report.figure('memory of an idle worker', (await residentBytes(worker.pid)) / 1e6, 'MB')
    for (const [index, { title, make }] of wanted.entries()) {
      const inbox = join(installation.home, 'lake/inbox')
      await make(inbox)
      const stop = new AbortController()
      const sampled = sample(worker.pid, stop.signal)
      const run = await installation.headrace('run', 'bronze_ingest', '--batch', `b${index}`, '--no-chain')
      stop.abort()
      if (run.code !== 0) throw new Error(`the run failed: ${run.stdout}${run.stderr}`)
      const series = (await sampled).map((bytes) => bytes / 1e6)
      const points = Array.from({ length: 10 }, (_, n) => series[Math.floor((n * series.length) / 10)] ?? 0)
      console.log(`  MB over time: ${points.map((mb) => mb.toFixed(0)).join(' ')}`)
      report.figure(`${title}, peak`, Math.max(...series), 'MB')
      report.figure(`${title}, median`, quantile(series, 0.5), 'MB')
    }
  } finally {
    await installation.remove()
  }
}

async function sample(pid: number, signal: AbortSignal): Promise<number[]> {
  const series = [await residentBytes(pid)]
  try {
    for await (const _ of every(500, undefined, { signal })) series.push(await residentBytes(pid))
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return series
}

async function residentBytes(pid: number): Promise<number> {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}
