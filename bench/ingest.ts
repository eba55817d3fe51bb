import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDrops } from './ingest/drops.ts'
import type { RoundResult } from './ingest/side.ts'
import { workerMemory } from './ingest/worker-memory.ts'
import { quantile, Report, size } from './report.ts'

/**
 * What does an ingest into bronze cost beside a bare loop of unzip, SHA-256 and write at the same parallelism, and how much memory does a
 * worker take? `npm run bench:ingest -- [--size 1000] [--rounds 3] [--only rate]`; `--size` in MB. The activities run in a process
 * of their own without Temporal, the bare loop in another one; memory is that of a real worker.
 */
const megabytes = size('size', 1000)
const rounds = size('rounds', 3)
const parallelism = 4
// At least 0.8 of the bare loop's rate.
const target = 1 / 0.8
const home = await mkdtemp(join(tmpdir(), 'headrace-bench-'))
const full = { width: 2472, bytes: 19e6 }
const small = { width: 256, bytes: 0.46e6 }
const scansOf = (scan: { bytes: number }, mb: number) => Math.max(1, Math.round((mb * 1e6) / scan.bytes))

const cases = [
  { title: 'full-size scans, 25 a ZIP', ...full, scansPerDrop: 25 },
  { title: 'one ZIP of small scans', ...small, scansPerDrop: 1_000_000 },
  { title: 'ZIPs of one small scan', ...small, scansPerDrop: 1 },
]

const report = new Report('ingest', { MB: megabytes, rounds, 'at once': parallelism })
try {
  for (const one of cases) {
    const scans = scansOf(one, megabytes)
    await compare(`rate, ${one.title} (${scans} scans)`, { ...one, scans })
  }
  const made = (mb: number) => (folder: string) =>
    makeDrops({ folder, width: full.width, scans: scansOf(full, mb), scansPerDrop: 25 })
  await workerMemory(report, [
    ...[0.1, 1, 4].map((share) => ({
      title: `memory, ${Math.round(megabytes * share)} MB of full-size scans`,
      make: made(megabytes * share),
    })),
    ...cases.slice(1).map((one) => ({
      title: `memory, ${one.title} (${scansOf(one, megabytes)} scans)`,
      make: (folder: string) => makeDrops({ ...one, folder, scans: scansOf(one, megabytes) }),
    })),
  ])
} finally {
  await rm(home, { recursive: true, force: true })
}
report.end()

async function compare(
  title: string,
  drops: { readonly width: number; readonly scans: number; readonly scansPerDrop: number },
): Promise<void> {
  if (!report.wants(title)) return
  const source = join(home, 'drops')
  const bytes = await makeDrops({ ...drops, folder: source })
  const found: Record<string, RoundResult[]> = { bare: [], headrace: [] }
  const sides = { bare: start('bare'), headrace: start('headrace') }
  const turn = async (side: 'bare' | 'headrace', round: number) => {
    const place = join(home, side)
    await inboxOf(place, source)
    const result = await ask(sides[side], { home: place, parallelism })
    if (round >= 0) found[side]?.push(result)
    await rm(place, { recursive: true, force: true })
    return result.ms
  }
  try {
    const done = await report.compare(title, {
      rounds,
      target,
      limit: (round) => turn('bare', round),
      measured: (round) => turn('headrace', round),
    })
    if (done === null) return
  } finally {
    sides.bare.kill()
    sides.headrace.kill()
    await rm(source, { recursive: true, force: true })
  }
  for (const [side, results] of Object.entries(found)) {
    const median = (read: (one: RoundResult) => number) => quantile(results.map(read), 0.5)
    report.figure(`  ${side}, rate`, bytes / 1e6 / (median((one) => one.ms) / 1000), 'MB/s')
    report.figure(
      `  ${side}, processor time`,
      median((one) => one.cpuMs),
      'ms',
    )
    report.figure(`  ${side}, peak memory`, Math.max(...results.map((one) => one.peakBytes)) / 1e6, 'MB')
    for (const part of Object.keys(results[0]?.parts ?? {}))
      report.figure(
        `    ${part}, sum of its calls`,
        median((one) => one.parts[part] ?? 0),
        'ms',
      )
  }
}

function start(side: string): ChildProcess {
  return fork(join(import.meta.dirname, 'ingest/side.ts'), [side], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

async function ask(side: ChildProcess, round: { home: string; parallelism: number }): Promise<RoundResult> {
  const answered = new AbortController()
  const failed = once(side, 'exit', answered).then(
    () => Promise.reject(new Error('one side of the comparison ended')),
    () => undefined,
  )
  side.send(round)
  const [result] = (await Promise.race([once(side, 'message'), failed])) as [RoundResult]
  answered.abort()
  return result
}

/** The drops under other names: archiving one moves the name only. */
async function inboxOf(place: string, drops: string): Promise<void> {
  const inbox = join(place, 'lake/inbox')
  await mkdir(inbox, { recursive: true })
  await mkdir(join(place, 'out'), { recursive: true })
  for (const name of await readdir(drops)) await link(join(drops, name), join(inbox, name))
}
