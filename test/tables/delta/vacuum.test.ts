import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { LocalLake } from '../../../lake/local/local-lake.ts'
import { type TableContract, tableFolder } from '../../../tables/contract.ts'
import { DeltaLog } from '../../../tables/delta/log.ts'
import { endTimes, vacuum } from '../../../tables/delta/vacuum.ts'
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

describe("vacuum and writers' clocks", () => {
  afterEach(() => void vi.useRealTimers())

  const buildAt = async (table: TableContract, id: number, time: number) => {
    vi.useFakeTimers({ toFake: ['Date'], now: time })
    await build(table, id)
    vi.useRealTimers()
  }

  it('keeps what a version within the window needs whose end a clock set back dates before it', async () => {
    const table = contract('gold.set_back')
    const now = Date.now()
    await buildAt(table, 1, now - 2 * day)
    const [first = ''] = await dataFiles(table)
    const monthAgo = new Date(now - 30 * day)
    await utimes(join(fixture.root, first), monthAgo, monthAgo)
    // Takes the first file away, in truth a day ago.
    await buildAt(table, 2, now - 20 * day)
    await buildAt(table, 3, now - day / 2)
    const log = () =>
      new DeltaLog(new LocalLake({ root: fixture.root }), fixture.duckdb, tableFolder(table.name))
    await vacuum(log(), { now })
    expect(await rowsOf(fixture, table, 'id', 0)).toEqual([{ id: '1' }])
    // Once the window is over by the clocks that were right, it goes.
    expect(await vacuum(log(), { now: now + 8 * day })).toMatchObject({ files: 2 })
    expect(await rowsOf(fixture, table, 'id')).toEqual([{ id: '3' }])
  })

  it('is not stopped for good by a commit from the future', async () => {
    const table = contract('gold.set_forward')
    const now = Date.now()
    await buildAt(table, 1, now)
    await buildAt(table, 2, now + 10_000 * day)
    await buildAt(table, 3, now)
    expect(await vacuum(logOf(fixture, table), { now: now + 8 * day })).toMatchObject({ files: 2 })
  })

  it.each([
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      [5, 1, 6],
      [5, 5, 6],
    ],
    [
      [1, 99, 3],
      [1, 3, 3],
    ],
    [
      [1, 99],
      [1, 10],
    ],
    [
      [null, 2, null],
      [2, 2, 10],
    ],
    [[], []],
  ])('takes commits stamped %j for ended by %j at 10', (written, ends) => {
    expect(endTimes(written, 10)).toEqual(ends)
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
