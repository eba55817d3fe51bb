import { join } from 'node:path'
import { z } from 'zod'
import { bareLoop } from './bare-loop.ts'
import { ingestBatch } from './bronze-activities.ts'

/**
 * One of the two sides of the comparison, in a process of its own: `node bench/ingest/side.ts bare|headrace`, asked by messages. A round
 * is one ingest of the inbox in `home`.
 */
export interface RoundResult {
  readonly ms: number
  readonly cpuMs: number
  /** Of the process since its start, in bytes. */
  readonly peakBytes: number
  readonly parts: Readonly<Record<string, number>>
}

const request = z.object({ home: z.string(), parallelism: z.number() })
const side = process.argv[2]

process.on('message', (message) => {
  const { home, parallelism } = request.parse(message)
  void round(home, parallelism).then((result) => process.send?.(result))
})

async function round(home: string, parallelism: number): Promise<RoundResult> {
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  let parts: Record<string, number> = {}
  if (side === 'bare') await bareLoop(join(home, 'lake/inbox'), join(home, 'out'), parallelism)
  else parts = await ingestBatch(home, parallelism)
  const { user, system } = process.cpuUsage(cpu)
  return {
    ms: performance.now() - start,
    cpuMs: (user + system) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    parts,
  }
}
