import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ActivityContext, Dependencies } from '../../activities/activity.ts'
import { buildTable } from '../../activities/build-table.ts'
import type { JsonObject } from '../../adf/json.ts'
import type { ActivityProgress } from '../../adf/run/status.ts'
import { queryTables } from '../../tables/read.ts'
import { type Fixture, openFixture } from '../tables/fixture.ts'
import { invocationOf } from '../support/invocation.ts'
import { dependenciesWith } from '../support/dependencies.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

const files = {
  'table/limits.yaml': `
name: silver.limits
columns:
  - { name: name, type: string, nullable: false }
  - { name: limit, type: double }
  - { name: batch, type: string }
  - { name: processed, type: timestamp }
key: [name]
materialization: { type: merge }
`,
  'table/limits.sql': `
SELECT 'width' AS name, CAST(document->'$.width' AS DOUBLE) * $factor AS "limit", $batch AS batch, $processed_at AS processed
FROM config.sizes
`,
  'table/bad.yaml':
    'name: silver.bad\ncolumns: [{ name: a, type: text }]\nkey: []\nmaterialization: { type: merge }\n',
  'sizes.yaml': 'width: 2.5\n',
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Freezes files as a plan does. */
async function freeze(given: Record<string, string>): Promise<Record<string, string>> {
  for (const text of Object.values(given)) await fixture.lake.create(`_plans/${sha256(text)}`, text)
  return Object.fromEntries(Object.entries(given).map(([path, text]) => [path, sha256(text)]))
}

function dependencies(): Dependencies {
  return dependenciesWith({ lake: fixture.lake, duckdb: fixture.duckdb })
}

async function run(typeProperties: JsonObject, given: Record<string, string> = files) {
  const reports: Partial<ActivityProgress>[] = []
  const context: ActivityContext = {
    signal: new AbortController().signal,
    attempt: 1,
    cursor: null,
    progress: (progress) => reports.push(progress),
    checkpoint() {},
  }
  const invocation = invocationOf('BuildTable', typeProperties, {
    run: { pipeline: 'silver_transform', triggerTime: '2026-11-21T09:30:00.1234567Z' },
    resources: await freeze(given),
  })
  return { output: await buildTable(invocation, context, dependencies()), reports }
}

const rows = () =>
  queryTables(fixture, { sql: 'SELECT * FROM silver.limits' }, async (result) => {
    const all = []
    for await (const chunk of result.rows) all.push(...chunk)
    return all
  })

describe('BuildTable', () => {
  const properties = { table: 'silver.limits', batch: 'b1', parameters: { factor: 2 } }

  it('builds from the files that the plan froze, with the run as source of its time', async () => {
    const { output, reports } = await run(properties)
    expect(output).toEqual({
      table: 'silver.limits',
      committed: true,
      version: 0,
      rowsInserted: 1,
      rowsUpdated: 0,
      rowsDeleted: 0,
      rows: 1,
      filesAdded: 1,
      filesRemoved: 0,
      bytesWritten: output['bytesWritten'],
      warnings: [],
    })
    expect(reports).toEqual([{ done: 1, total: 1, unit: 'rows', rows: 1, bytes: output['bytesWritten'] }])
    expect(await rows()).toEqual([['width', 5, 'b1', '2026-11-21T09:30:00.123456Z']])
  })

  it('answers a repeated attempt as the first, and changes nothing', async () => {
    const { output } = await run(properties)
    expect(output).toMatchObject({ committed: false, version: 0, rowsInserted: 1, rows: 1 })
  })

  it('builds the batch again after a document that it reads was edited', async () => {
    const { output } = await run(properties, { ...files, 'sizes.yaml': 'width: 3\n' })
    expect(output).toMatchObject({ committed: true, version: 1, rowsUpdated: 1 })
  })

  it.each([
    [
      'a table that the factory lacks',
      { table: 'silver.none', batch: 'b' },
      /the factory has no file table\/none\.yaml/,
    ],
    ['a wrong contract', { table: 'silver.bad', batch: 'b' }, /table\/bad\.yaml: columns\.0\.type/],
    ['a table of another layer', { table: 'gold.limits', batch: 'b' }, /describes silver\.limits/],
    ['no table', { batch: 'b' }, /typeProperties\.table/],
    [
      'a parameter that is no single value',
      { table: 'silver.limits', batch: 'b', parameters: { factor: [1] } },
      /parameters\.factor is \[1\]; a parameter is a text, number, boolean or null/,
    ],
    ['a parameter too few', { table: 'silver.limits', batch: 'b' }, /reads \$factor, which is not given/],
  ])('refuses %s', async (_, given, message) => {
    await expect(run(given)).rejects.toMatchObject({
      name: 'DefinitionError',
      message: expect.stringMatching(message),
    })
  })
})
