import { afterAll, beforeAll, describe } from 'vitest'
import { startFactoryPlant, type FactoryPlant } from '../../support/factory-plant.ts'
import { archiveAndDelete } from './archive-and-delete.ts'
import { errorHandling } from './error-handling.ts'
import { parentChild } from './parent-child.ts'
import { restPagination } from './rest-pagination.ts'
import { untilPoll } from './until-poll.ts'

/** Factories as ADF's editor writes them (test/factories/adf), run to their end by one worker. */
const scenarios: Readonly<Record<string, (plant: () => FactoryPlant) => void>> = {
  'archive-and-delete': archiveAndDelete,
  'error-handling': errorHandling,
  'rest-pagination': restPagination,
  'parent-child': parentChild,
  'until-poll': untilPoll,
}

let plant: FactoryPlant
beforeAll(async () => {
  plant = await startFactoryPlant('adf-factories')
})
afterAll(() => plant.stop())

describe.each(Object.entries(scenarios))('%s', (_name, scenario) => scenario(() => plant))
