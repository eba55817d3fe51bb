import { beforeAll, expect, it } from 'vitest'
import { chaosRun, undisturbedRun } from '../chaos/chaos-run.ts'
import { describeDisturbance, drawDisturbances } from '../chaos/disturbance.ts'
import type { Survey } from '../chaos/survey.ts'

const options = { scans: 60, width: 64 }
let expected: Survey

beforeAll(async () => {
  expected = await undisturbedRun(options)
}, 300_000)

/** `npm run chaos` runs as many more as one likes. */
it.each(
  [1, 2, 3, 4, 5].map((seed) => ({
    seed,
    story: drawDisturbances(seed).map(describeDisturbance).join('; '),
  })),
)(
  'seed $seed loses nothing and does nothing twice: $story',
  async ({ seed }) => {
    expect(await chaosRun(seed, expected, options)).toMatchObject({ differences: [], home: null })
  },
  400_000,
)

it('would notice a lost table, a repeated notification and a changed object', async () => {
  const { differences } = await import('../chaos/survey.ts')
  const [table = ''] = Object.keys(expected.tables)
  const [object = ''] = Object.keys(expected.objects).filter((path) => expected.objects[path] !== null)
  const [note = ''] = expected.notifications
  const { [table]: _lost, ...tables } = expected.tables
  const found = {
    ...expected,
    tables,
    objects: { ...expected.objects, [object]: 'other bytes' },
    notifications: [...expected.notifications, note],
  }
  expect(differences(expected, found).map((line) => line.split(':')[0])).toEqual([
    `table ${table}`,
    `bronze object ${object}`,
    `notification ${note}`,
  ])
})
