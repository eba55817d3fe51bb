import { forEach, pipeline, plan, work } from '../test/support/plans.ts'
import { openBench } from './engine/server-and-workers.ts'
import { quantile, Report, size, timed } from './report.ts'

/**
 * What does the interpreter cost beside workflows written by hand, on the same server with the same trivial activity?
 * `npm run bench:engine -- [--chain 100] [--fan-out 1000] [--runs 200] [--rounds 5] [--latencies 60]`
 */
const [length, width, runs] = [size('chain', 100), size('fan-out', 1000), size('runs', 200)]
const [rounds, latencies] = [size('rounds', 5), size('latencies', 60)]
const window = 50

const chained = plan([
  pipeline(
    'chain',
    Array.from({ length }, (_, n) => work(`A${n}`, { n }, { after: n === 0 ? [] : [`A${n - 1}`] })),
  ),
])
const wide = plan([
  pipeline(
    'fan_out',
    Array.from({ length: width }, (_, n) => work(`A${n}`, { n })),
  ),
])
const looped = plan([
  pipeline('loop', [
    forEach('L', `@range(0, ${width})`, [work('A', { n: '@item()' })], { batchCount: window }),
  ]),
])
const one = plan([pipeline('one', [work('A', { n: 0 })])])
const target = 1.15

const report = new Report('engine', { chain: length, 'fan-out': width, runs, rounds, latencies })
await using bench = await openBench()

await report.compare(`chain of ${length}`, {
  rounds,
  target,
  limit: () => timed(() => bench.byHand('chain', length)),
  measured: () => timed(() => bench.pipeline(chained)),
})
await report.compare(`${width} activities side by side`, {
  rounds,
  target,
  limit: () => timed(() => bench.byHand('fanOut', width)),
  measured: () => timed(() => bench.pipeline(wide)),
})
await report.compare(`ForEach of ${width} items, ${window} at once`, {
  rounds,
  target,
  limit: () => timed(() => bench.byHand('loop', width, window)),
  measured: () => timed(() => bench.pipeline(looped)),
})
const atOnce = (start: () => Promise<unknown>) =>
  timed(() => Promise.all(Array.from({ length: runs }, start)))
await report.compare(`${runs} runs of one activity at once`, {
  rounds,
  target,
  limit: () => atOnce(() => bench.byHand('chain', 1)),
  measured: () => atOnce(() => bench.pipeline(one)),
})
const latency = await report.compare('one run of one activity after another', {
  rounds: latencies,
  limit: () => timed(() => bench.byHand('chain', 1)),
  measured: () => timed(() => bench.pipeline(one)),
})
if (latency !== null)
  for (const [name, times] of Object.entries({ limit: latency.limit, headrace: latency.measured }))
    for (const share of [0.5, 0.99]) report.figure(`  ${name}, p${share * 100}`, quantile(times, share), 'ms')
report.end()
