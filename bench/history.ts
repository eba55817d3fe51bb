import { join } from 'node:path'
import { bundleWorkflowCode, type ReplayWorkerOptions, Worker } from '@temporalio/worker'
import { loadSettings } from '../config/settings.ts'
import { pipeline, plan, work } from '../test/support/plans.ts'
import { workflowBundle } from '../workers/workflow-bundle.ts'
import { openBench } from './engine/server-and-workers.ts'
import { Report, size, timed } from './report.ts'

/**
 * How big is the history of a big run, and how long does a worker need that takes such a run over and replays it? Beside a workflow by
 * hand of as many activities. Then: what does the process with both workers hold before and after so many runs?
 * `npm run bench:history -- [--fan-out 1000] [--rounds 5] [--runs 1000]`
 */
const [width, rounds, runs] = [size('fan-out', 1000), size('rounds', 5), size('runs', 1000)]
const wide = plan([
  pipeline(
    'fan_out',
    Array.from({ length: width }, (_, n) => work(`A${n}`, { n })),
  ),
])
const one = plan([pipeline('one', [work('A', { n: 0 })])])
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} }

const report = new Report('history', { 'fan-out': width, rounds, runs })
await using bench = await openBench()
const before = process.memoryUsage().rss
report.figure('both workers and the client, idle', before / 1e6, 'MB')

const byHand: ReplayWorkerOptions = {
  workflowBundle: await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'engine/by-hand.ts'),
    logger: silent,
  }),
}
const ours: ReplayWorkerOptions = {
  workflowBundle: await workflowBundle(loadSettings().cache),
  ...bench.payloads,
}
const [limit, measured] = [await bench.byHand('fanOut', width), await bench.pipeline(wide)]
for (const [name, id] of Object.entries({ limit, headrace: measured })) {
  const { historyLength, historySize } = await bench.describe(id)
  report.figure(`${name}, ${width} activities side by side`, historyLength, 'events')
  report.figure('  its history', (historySize ?? 0) / 1e3, 'kB')
}
const [limitHistory, measuredHistory] = [await bench.history(limit), await bench.history(measured)]
await report.compare(`replay of ${width} activities side by side`, {
  rounds,
  limit: () => timed(() => Worker.runReplayHistory(byHand, limitHistory, limit)),
  measured: () => timed(() => Worker.runReplayHistory(ours, measuredHistory, measured)),
})

const atOnce = 50
for (const part of [1, 2, 3, 4]) {
  for (let done = 0; done < runs / 4; done += atOnce)
    await Promise.all(Array.from({ length: atOnce }, () => bench.pipeline(one)))
  report.figure(`RSS after ${(part * runs) / 4} runs more`, process.memoryUsage().rss / 1e6, 'MB')
}
report.end()
