import { forEach, pipeline, plan, work } from '../test/support/plans.ts'
import { openBench } from './engine/server-and-workers.ts'
import { sideBySide } from './engine/side-by-side.ts'
import { quantile, Report, size } from './report.ts'

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

const compare = (
  title: string,
  byHand: () => Promise<readonly string[]>,
  measured: () => Promise<readonly string[]>,
) => sideBySide(report, bench, title, { rounds, target, byHand, pipeline: measured })
const once = (run: () => Promise<string>) => async () => [await run()]
const atOnce = (run: () => Promise<string>) => () => Promise.all(Array.from({ length: runs }, run))

await compare(
  `chain of ${length}`,
  once(() => bench.byHand('chain', length)),
  once(() => bench.pipeline(chained)),
)
await compare(
  `${width} activities side by side`,
  once(() => bench.byHand('fanOut', width)),
  once(() => bench.pipeline(wide)),
)
await compare(
  `ForEach of ${width} items, ${window} at once`,
  once(() => bench.byHand('loop', width, window)),
  once(() => bench.pipeline(looped)),
)
await compare(
  `${runs} runs of one activity at once`,
  atOnce(() => bench.byHand('chain', 1)),
  atOnce(() => bench.pipeline(one)),
)
const latency = await sideBySide(report, bench, 'one run of one activity after another', {
  rounds: latencies,
  byHand: once(() => bench.byHand('chain', 1)),
  pipeline: once(() => bench.pipeline(one)),
})
if (latency !== null)
  for (const [name, times] of Object.entries({ limit: latency.limit, headrace: latency.measured }))
    for (const share of [0.5, 0.99]) report.figure(`  ${name}, p${share * 100}`, quantile(times, share), 'ms')
report.end()
