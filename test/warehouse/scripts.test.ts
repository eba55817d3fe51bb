import { DatabaseSync } from 'node:sqlite'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { factoryScripts, outstanding, ownScripts } from '../../clients/ddl/write-scripts.ts'
import { missingScripts } from '../../warehouse/sqlite/scripts.ts'
import type { WarehouseTable } from '../../warehouse/warehouse.ts'
import { temporaryWarehouse } from './temporary-warehouse.ts'

const platform = factoryScripts(join(import.meta.dirname, '../../factories/gelsight'))

const parts: WarehouseTable = {
  name: 'parts',
  columns: [
    { name: 'serial', type: 'string', nullable: false },
    { name: 'is_good', type: 'boolean', nullable: true },
  ],
  key: ['serial'],
  indexes: [['is_good', 'serial']],
}
const origin = (): string => 'From a test.'

test('the scripts of every table are checked in', () => {
  expect(outstanding(platform)).toEqual([])
  expect(outstanding(ownScripts())).toEqual([])
})

test('the platform has its ten tables', () => {
  expect(platform.tables.map((table) => table.name)).toEqual([
    'calibration_lineage',
    'data_quality_metrics',
    'dim_analysis_version_context',
    'dim_calibration',
    'dim_device',
    'dim_routines',
    'dim_shapes',
    'fact_measurements',
    'fact_scan_metadata',
    'ingestion_log',
  ])
})

test('the scripts build what a worker builds', async () => {
  const { warehouse } = await temporaryWarehouse()
  await warehouse.migrate(platform.tables)
  const built = await warehouse.query(
    'SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name',
  )

  const database = new DatabaseSync(':memory:')
  for (const { folder } of [ownScripts(), platform]) {
    for (const name of readdirSync(folder).toSorted()) database.exec(readFileSync(join(folder, name), 'utf8'))
  }
  const scripted = database
    .prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name')
    .all()
  database.close()
  expect(scripted.map((row) => ({ ...row }))).toEqual(built)
})

test('a new table is one script, a column added later another one', () => {
  const [first, ...rest] = missingScripts([], [parts], origin)
  expect(rest).toEqual([])
  expect(first).toEqual({
    name: '0001_parts.sql',
    text: `-- From a test.

CREATE TABLE IF NOT EXISTS "parts" (
  "serial" TEXT NOT NULL,
  "is_good" INTEGER CHECK ("is_good" IN (0, 1)),
  PRIMARY KEY ("serial")
) STRICT;
CREATE INDEX IF NOT EXISTS "parts__is_good__serial" ON "parts" ("is_good", "serial");
`,
  })
  const existing = first === undefined ? [] : [first]
  expect(missingScripts(existing, [parts], origin)).toEqual([])
  const colour = { name: 'colour', type: 'string', nullable: true } as const
  expect(missingScripts(existing, [{ ...parts, columns: [...parts.columns, colour] }], origin)).toEqual([
    {
      name: '0002_parts_additions.sql',
      text: '-- From a test.\n\nALTER TABLE "parts" ADD COLUMN "colour" TEXT;\n',
    },
  ])
})

test.each<[title: string, table: Partial<WarehouseTable>, message: string]>([
  [
    'a new column that must have a value',
    { columns: [...parts.columns, { name: 'size', type: 'double', nullable: false }] },
    'column parts.size is new and not nullable; rows that are there have no value for it: make it nullable',
  ],
  [
    'a column of another type',
    { columns: [{ name: 'serial', type: 'int', nullable: false }] },
    'column serial is TEXT NOT NULL, wanted is INTEGER NOT NULL',
  ],
  ['another key', { key: ['is_good'] }, 'its key is (serial), wanted is (is_good)'],
  [
    'no key at all',
    { name: 'others', key: [] },
    'table others has no key; the warehouse loads by key: name its key columns',
  ],
])('%s is refused with what to do', (_title, change, message) => {
  const existing = missingScripts([], [parts], origin)
  expect(() => missingScripts(existing, [{ ...parts, ...change }], origin)).toThrow(message)
})
