import { afterAll, beforeAll, describe } from 'vitest'
import { startFactoryPlant, type FactoryPlant } from '../../support/factory-plant.ts'
import { archiveAndDelete } from './archive-and-delete.ts'
import { errorHandling } from './error-handling.ts'
import { databricksChain } from './databricks-chain.ts'
import { eventDriven } from './event-driven.ts'
import { masterPipeline } from './master-pipeline.ts'
import { nestedLoops } from './nested-loops.ts'
import { parentChild } from './parent-child.ts'
import { restPagination } from './rest-pagination.ts'
import { untilPoll } from './until-poll.ts'

/** Factories as ADF's editor writes them (test/factories/adf), run to their end by one worker. */
const scenarios: Readonly<Record<string, (plant: () => FactoryPlant) => void>> = {
  'archive-and-delete': archiveAndDelete,
  'error-handling': errorHandling,
  'rest-pagination': restPagination,
  'parent-child': parentChild,
  'databricks-chain': databricksChain,
  'event-driven': eventDriven,
  'master-pipeline': masterPipeline,
  'nested-loops': nestedLoops,
  'until-poll': untilPoll,
}

let plant: FactoryPlant
beforeAll(async () => {
  plant = await startFactoryPlant('adf-factories')
})
afterAll(() => plant.stop())

describe.each(Object.entries(scenarios))('%s', (_name, scenario) => scenario(() => plant))
