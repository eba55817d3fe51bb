import { beforeAll, expect, it } from 'vitest'
import { inputOf } from './input.ts'
import { readSeeds, type Seeds } from './seeds.ts'
import { isExpected, targets } from './targets.ts'

/** `npm run fuzz` goes on from here, for as long as one likes and with bounds on time and memory. */
const inputs = 150
let seeds: Seeds

beforeAll(async () => {
  seeds = await readSeeds(1)
})

it.each(Object.entries(targets))('%s takes whatever it is given', async (name, target) => {
  const own = seeds[target.seeds]
  for (let n = 0; n < inputs; n++) {
    try {
      await target.run(inputOf(1, name, own.length + n, own))
    } catch (error) {
      if (!isExpected(error)) throw new Error(`input ${own.length + n} of seed 1`, { cause: error })
    }
  }
})

it.each(Object.entries(targets))('%s reads at least one of its own seeds', async (name, target) => {
  const read = await Promise.all(
    seeds[target.seeds].slice(0, 50).map(async (bytes) => {
      try {
        await target.run(bytes)
        return true
      } catch {
        return false
      }
    }),
  )
  expect(read, name).toContain(true)
})
