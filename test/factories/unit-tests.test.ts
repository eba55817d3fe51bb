import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFactory } from '../../clients/factory/read-factory.ts'
import { differenceLines } from '../../clients/testing/report.ts'
import { testFactory } from '../../clients/testing/test-factory.ts'

test.each([
  ['gelsight', ['bronze_ingest', 'gold_analytics', 'silver_transform']],
  ['hello', ['hello']],
])(
  'the tests of factories/%s pass and cover every activity and branch of its pipelines',
  async (name, pipelines) => {
    const factory = await readFactory(join(import.meta.dirname, '../../factories', name))
    const { issues, results, coverage } = await testFactory(factory, 'dev', null)
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(results.flatMap((result) => differenceLines(result))).toEqual([])
    expect(results.length).toBeGreaterThan(0)
    expect(coverage.map(({ pipeline }) => pipeline)).toEqual(pipelines)
    for (const { activities, branches } of coverage)
      expect([...activities.missing, ...branches.missing]).toEqual([])
  },
)
