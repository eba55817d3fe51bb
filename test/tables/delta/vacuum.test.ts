import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TableContract, tableFolder } from '../../../tables/contract.ts'
import { vacuum } from '../../../tables/delta/vacuum.ts'
import { buildTable } from '../../../tables/build/build-table.ts'
import { type Fixture, contractOf, logOf, openFixture, rowsOf } from '../fixture.ts'

const day = 24 * 3600 * 1000

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

const contract = (name: string) =>
  contractOf({
    name,
    columns: [{ name: 'id', type: 'bigint', nullable: false }],
    key: ['id'],
    materialization: { type: 'replace' },
  })

const build = (table: TableContract, id: number) =>
  buildTable({
    ...fixture,
    contract: table,
    sql: 'SELECT $id AS id',
    batch: `b${id}`,
    parameters: { id },
    contractOf: async () => null,
  })

const dataFiles = async (table: TableContract) => {
  const paths = []
  for await (const { path } of fixture.lake.list(tableFolder(table.name))) {
    if (path.endsWith('.parquet') && !path.includes('_delta_log')) paths.push(path)
  }
  return paths
}

describe('vacuum', () => {
  it('deletes what no version within the window needs, and only that', async () => {
    const table = contract('gold.swept')
    for (const id of [1, 2, 3]) await build(table, id)
    await fixture.lake.create(`${tableFolder(table.name)}/part-orphan.parquet`, 'left by a crash')
    await fixture.lake.create(`${tableFolder(table.name)}/_rejected/x.parquet`, 'not a file of the table')
    const now = Date.now()

    expect(await vacuum(logOf(fixture, table), { now: now + 6 * day })).toEqual({ files: 0, bytes: 0 })
    expect(await vacuum(logOf(fixture, table), { now: now + 8 * day, dryRun: true })).toMatchObject({
      files: 3,
    })
    expect(await dataFiles(table)).toHaveLength(5)
    expect(await vacuum(logOf(fixture, table), { now: now + 8 * day })).toMatchObject({ files: 3 })

    expect(await rowsOf(fixture, table, 'id')).toEqual([{ id: '3' }])
    expect(await dataFiles(table)).toHaveLength(2)
    await expect(rowsOf(fixture, table, 'id', 0)).rejects.toThrow(/No files found|not found|Cannot open/i)
  })

  it('keeps an old file that a version within the window still needed', async () => {
    const table = contract('gold.recent')
    await build(table, 1)
    const [old = ''] = await dataFiles(table)
    const monthAgo = new Date(Date.now() - 30 * day)
    await utimes(join(fixture.root, old), monthAgo, monthAgo)
    await build(table, 2)
    expect(await vacuum(logOf(fixture, table), { now: Date.now() })).toMatchObject({ files: 0 })
    expect(await rowsOf(fixture, table, 'id', 0)).toEqual([{ id: '1' }])
  })
})

describe('a writer killed between its data file and its commit', () => {
  it('leaves the table as it was, and an orphan that vacuum clears', async () => {
    const table = contract('gold.killed')
    await build(table, 1)
    const writer = spawn(
      process.execPath,
      [join(import.meta.dirname, 'stuck-writer.ts'), fixture.root, JSON.stringify(table)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(writer.stdout, 'data')
    expect(await dataFiles(table)).toHaveLength(2)
    writer.kill('SIGKILL')
    await once(writer, 'exit')

    expect(await rowsOf(fixture, table, 'id')).toEqual([{ id: '1' }])
    expect(await build(table, 2)).toMatchObject({ committed: true, version: 1 })
    expect(await vacuum(logOf(fixture, table), { now: Date.now() + 8 * day })).toMatchObject({ files: 2 })
    expect(await rowsOf(fixture, table, 'id')).toEqual([{ id: '2' }])
    expect(await dataFiles(table)).toHaveLength(1)
  })
})
