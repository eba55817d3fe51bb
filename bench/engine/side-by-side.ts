import { type Comparison, quantile, type Report, timed } from '../report.ts'
import { cpuTimeOf, ownCpuTime } from './cpu-time.ts'
import { executionsOf } from './executions.ts'
import type { Bench } from './server-and-workers.ts'

/** Both resolve to the workflow ids of what they ran. */
export interface Sides {
  readonly rounds: number
  readonly target?: number
  readonly byHand: () => Promise<readonly string[]>
  readonly pipeline: () => Promise<readonly string[]>
}

interface Turn {
  readonly cpuMs: number
  readonly workflowTasks: number
  readonly events: number
  readonly failedTasks: number
}

/**
 * Times both in turns. Beside the time, which a busy machine spoils, it shows the CPU that workers and server used, and how many workflow tasks and events
 * of history the server kept for it.
 */
export async function sideBySide(
  report: Report,
  bench: Bench,
  title: string,
  sides: Sides,
): Promise<Comparison | null> {
  const [limit, measured]: [Turn[], Turn[]] = [[], []]
  const comparison = await report.compare(title, {
    rounds: sides.rounds,
    ...(sides.target === undefined ? {} : { target: sides.target }),
    limit: () => turn(bench, sides.byHand, limit),
    measured: () => turn(bench, sides.pipeline, measured),
  })
  if (comparison === null) return null
  const cpu = (turns: readonly Turn[]) => turns.slice(1).map((one) => one.cpuMs)
  report.compared('  CPU of workers and server', cpu(limit), cpu(measured))
  for (const [name, turns] of Object.entries({ limit, headrace: measured })) {
    const median = (of: keyof Turn) =>
      quantile(
        turns.slice(1).map((one) => one[of]),
        0.5,
      )
    report.figure(`  ${name}, workflow tasks`, median('workflowTasks'), 'tasks')
    report.figure(`  ${name}, history`, median('events'), 'events')
    const failed = turns.reduce((sum, one) => sum + one.failedTasks, 0)
    if (failed > 0) report.figure(`  ${name}, workflow tasks done in vain in all rounds`, failed, 'tasks')
  }
  return comparison
}

async function turn(bench: Bench, run: () => Promise<readonly string[]>, turns: Turn[]): Promise<number> {
  const before = cpuTimeOf(bench.serverPid) + ownCpuTime()
  let ids: readonly string[] = []
  const ms = await timed(async () => {
    ids = await run()
  })
  const cpuMs = cpuTimeOf(bench.serverPid) + ownCpuTime() - before
  const executions = (await Promise.all(ids.map((id) => executionsOf(bench.connection, id)))).flat()
  const sum = (of: 'events' | 'workflowTasks' | 'failedTasks') =>
    executions.reduce((total, one) => total + one[of], 0)
  turns.push({
    cpuMs,
    workflowTasks: sum('workflowTasks'),
    events: sum('events'),
    failedTasks: sum('failedTasks'),
  })
  return ms
}
