import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Calm,
  chaosRun,
  type ChaosOptions,
  type ChaosResult,
  undisturbedRun,
} from '../chaos/chaos-run.ts'
import { describeDisturbance, drawPlan } from '../chaos/plan.ts'
import { canMount } from '../chaos/small-disk.ts'
import { openWorkshop, type Workshop } from '../chaos/workshop.ts'

const mayMount = canMount()
let workshop: Workshop
let options: ChaosOptions
let calm: Calm
const results: ChaosResult[] = []

beforeAll(async () => {
  workshop = await openWorkshop()
  options = { workshop, mayMount, scans: 60, width: 64 }
  calm = await undisturbedRun(options)
}, 300_000)

afterAll(() => workshop[Symbol.asyncDispose]())

const cases = [1, 2, 3, 4, 5].map((seed) => ({
  seed,
  story: drawPlan(seed).disturbances.map(describeDisturbance).join('; '),
}))

/** `npm run chaos` runs as many more as one likes. Side by side: most of their time is waiting for heartbeats. */
describe.concurrent('a drop through bronze, silver and gold loses nothing and does nothing twice', () => {
  it.each(cases)(
    'seed $seed: $story',
    async ({ seed }) => {
      const result = await chaosRun(seed, calm, options)
      results.push(result)
      expect(result, JSON.stringify(result, null, 2)).toMatchObject({ faults: [], home: null })
    },
    600_000,
  )
})

it('a zombie and a full disk were among what happened', () => {
  const happened = results
    .flatMap((result) => result.happened)
    .flatMap(({ disturbance, met }) => (met === null ? [] : [disturbance.victim]))
  expect(happened).toContain('zombie')
  if (mayMount) expect(happened).toContain('disk')
})
