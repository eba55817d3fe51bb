import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { headrace } from '../../clients/headrace.ts'
import { exportArm } from '../../support/arm-export.ts'
import { startFactoryPlant, type FactoryPlant } from '../../support/factory-plant.ts'
import { archiveAndDelete } from './archive-and-delete.ts'
import { errorHandling } from './error-handling.ts'
import { gitLayout } from './both-packagings.ts'
import { databricksChain } from './databricks-chain.ts'
import { eventDriven } from './event-driven.ts'
import { masterPipeline } from './master-pipeline.ts'
import { nestedLoops } from './nested-loops.ts'
import { parentChild } from './parent-child.ts'
import { restPagination } from './rest-pagination.ts'
import { watermarkCopy } from './watermark-copy.ts'
import { metadataDriven } from './metadata-driven.ts'
import { scdByProcedure } from './scd-by-procedure.ts'
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
  'watermark-copy': watermarkCopy,
  'metadata-driven': metadataDriven,
  'scd-by-procedure': scdByProcedure,
  'until-poll': untilPoll,
}

let plant: FactoryPlant
beforeAll(async () => {
  plant = await startFactoryPlant('adf-factories')
})
afterAll(() => plant.stop())

describe.each(Object.entries(scenarios))('%s', (_name, scenario) => scenario(() => plant))

test('headrace check grades a folder and the export of it alike', async () => {
  const arm = await mkdtemp(join(tmpdir(), 'headrace-arm-'))
  await exportArm(gitLayout('error-handling'), arm)
  const [git, template] = await Promise.all(
    [gitLayout('error-handling'), join(arm, 'ARMTemplateForFactory.json')].map((place) =>
      headrace(['check', place, '--fail-on', 'review']),
    ),
  )
  await rm(arm, { recursive: true })
  const grades = (text = '') => text.split('\n').filter((line) => /^\S.* pipeline/.test(line))
  expect(grades(git?.stdout).toSorted()).toEqual(grades(template?.stdout).toSorted())
  expect(git?.stdout).toContain('adf-payments-prod: 5 pipelines: 4 ready, 1 to be reviewed, 0 unsupported')
  expect([git?.code, template?.code]).toEqual([1, 1])
})
