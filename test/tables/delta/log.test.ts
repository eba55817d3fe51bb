import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LocalLake } from '../../../lake/local/local-lake.ts'
import { type TableContract, tableFolder } from '../../../tables/contract.ts'
import { DeltaLog } from '../../../tables/delta/log.ts'
import { appendRows } from '../../../tables/rows/append-rows.ts'
import { type Fixture, contractOf, logOf, openFixture, rowsOf } from '../fixture.ts'
import { pythonMissing, pythonTitle, readWithPython, runPython } from '../python-deltalake.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

const contract = (name: string, partitionBy: string[] = []) =>
  contractOf({
    name,
    columns: [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'kind', type: 'string', nullable: true },
    ],
    partitionBy,
  })

const append = (table: TableContract, id: number, lake = fixture.lake) =>
  appendRows({
    lake,
    duckdb: fixture.duckdb,
    contract: table,
    rows: [{ id, kind: `k${id % 3}` }],
    transaction: `t/${id}`,
  })

const path = (table: TableContract) => join(fixture.root, tableFolder(table.name))
const ids = async (table: TableContract, at?: number) =>
  (await rowsOf(fixture, table, 'id', at)).map((row) => Number(row['id']))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('the log of a table', () => {
  const table = contract('silver.long', ['kind'])
  beforeAll(async () => {
    for (const id of upTo(25)) await append(table, id)
  })

  it('has a checkpoint every ten commits and points at the newest', async () => {
    const names = await readdir(join(path(table), '_delta_log'))
    expect(names.filter((name) => name.includes('checkpoint')).sort()).toEqual([
      '00000000000000000010.checkpoint.parquet',
      '00000000000000000020.checkpoint.parquet',
      '_last_checkpoint',
    ])
  })

  it('gives the same snapshot to a process that starts at the checkpoint', async () => {
    const warm = await logOf(fixture, table).latest()
    const fresh = await new DeltaLog(
      new LocalLake({ root: fixture.root }),
      fixture.duckdb,
      tableFolder(table.name),
    ).latest()
    expect(fresh.version).toBe(24)
    expect([...fresh.files.keys()].sort()).toEqual([...warm.files.keys()].sort())
    expect({ ...fresh.metadata, description: undefined }).toEqual({ ...warm.metadata })
    expect([...fresh.transactions.keys()].sort()).toEqual([...warm.transactions.keys()].sort())
    const file = [...warm.files.values()][0]
    expect(fresh.files.get(file?.path ?? '')).toEqual({ ...file, dataChange: false })
  })

  it('keeps every version readable', async () => {
    for (const version of [0, 9, 10, 11, 20, 24]) expect(await ids(table, version)).toEqual(upTo(version + 1))
    await expect(ids(table, 25)).rejects.toThrow('silver/long has no version 25; the newest is 24')
  })

  it('reads on where entries before the checkpoint are gone', async () => {
    const copy = contract('silver.cleaned', ['kind'])
    for (const id of upTo(13)) await append(copy, id)
    for (const id of upTo(10)) await rm(join(path(copy), '_delta_log', `${id}`.padStart(20, '0') + '.json'))
    const lake = new LocalLake({ root: fixture.root })
    expect((await new DeltaLog(lake, fixture.duckdb, tableFolder(copy.name)).latest()).files.size).toBe(13)
  })

  it('replays the whole log where _last_checkpoint makes no sense', async () => {
    const pointer = `${tableFolder(table.name)}/_delta_log/_last_checkpoint`
    const stat = await fixture.lake.stat(pointer)
    const text = await fixture.lake.readText(pointer)
    await fixture.lake.replace(pointer, '{"vers', stat?.etag ?? null)
    const lake = new LocalLake({ root: fixture.root })
    const snapshot = await new DeltaLog(lake, fixture.duckdb, tableFolder(table.name)).latest()
    expect(snapshot.files.size).toBe(25)
    await fixture.lake.replace(pointer, text, (await fixture.lake.stat(pointer))?.etag ?? null)
  })

  it('notices a table that was deleted and made again', async () => {
    const again = contract('silver.remade')
    for (const id of upTo(3)) await append(again, id)
    await fixture.lake.deleteFolder(tableFolder(again.name))
    expect(await ids(again)).toEqual([])
    await append(again, 7)
    expect(await ids(again)).toEqual([7])
  })

  describe.skipIf(pythonMissing !== null)(`and ${pythonTitle}`, () => {
    it('agree on rows now and then, by checkpoint and by entries', async () => {
      for (const version of [undefined, 24, 20, 10, 3]) {
        const read = readWithPython(path(table), version)
        expect(read.rows.map((row) => Number(row['id'])).sort((a, b) => a - b)).toEqual(
          upTo((version ?? 24) + 1),
        )
      }
    })

    it('agree after the entries before the checkpoint are gone', () => {
      const read = readWithPython(join(fixture.root, 'silver', 'cleaned'))
      expect(read.rows).toHaveLength(13)
    })

    it('write one table in turns', async () => {
      const shared = contract('silver.shared', ['kind'])
      await append(shared, 1)
      runPython(
        `
from deltalake import DeltaTable, write_deltalake
from arro3.core import Array, DataType, Field, Schema, Table
schema = Schema([Field("id", DataType.int64()), Field("kind", DataType.string())])
rows = Table.from_arrays([Array([2, 3, 4], DataType.int64()), Array(["a", None, "b/c d"], DataType.string())], schema=schema)
write_deltalake(TABLE, rows, mode="append")
DeltaTable(TABLE).create_checkpoint()
`,
        path(shared),
      )
      await append(shared, 5)
      expect(await rowsOf(fixture, shared, 'id')).toMatchObject([
        { id: '1', kind: 'k1' },
        { id: '2', kind: 'a' },
        { id: '3', kind: null },
        { id: '4', kind: 'b/c d' },
        { id: '5', kind: 'k2' },
      ])
      const lake = new LocalLake({ root: fixture.root })
      const fresh = await new DeltaLog(lake, fixture.duckdb, tableFolder(shared.name)).latest()
      expect(fresh.files.size).toBe(5)
      expect(readWithPython(path(shared)).rows).toHaveLength(5)
    })

    it('refuse together what a later protocol says', async () => {
      const newer = contract('silver.newer')
      await append(newer, 1)
      runPython(
        `
from deltalake import DeltaTable, TableFeatures
DeltaTable(TABLE).alter.add_feature(TableFeatures.DeletionVectors, allow_protocol_versions_increase=True)
`,
        path(newer),
      )
      await expect(ids(newer)).rejects.toThrow(/needs a Delta reader of version 3/)
    })
  })
})

describe('writers at once', () => {
  it('ten lose nothing, and the same transaction from all of them is one commit', async () => {
    const table = contract('silver.crowd')
    // Each has a lake of its own, so that no cache is shared.
    const lakes = upTo(10).map(() => new LocalLake({ root: fixture.root }))
    const results = await Promise.all(
      lakes.map(async (lake, writer) => {
        const own = []
        for (const round of upTo(3)) own.push(await append(table, writer * 3 + round, lake))
        return own
      }),
    )
    const versions = results.flat().map((result) => result.version)
    expect(versions.sort((a, b) => a - b)).toEqual(upTo(30))
    expect(await ids(table)).toEqual(upTo(30))

    const same = await Promise.all(lakes.map((lake) => append(table, 99, lake)))
    expect(same.filter((result) => result.committed)).toHaveLength(1)
    expect(new Set(same.map((result) => result.version))).toEqual(new Set([30]))
    expect(await ids(table)).toEqual([...upTo(30), 99])
    if (pythonMissing === null) expect(readWithPython(path(table)).rows).toHaveLength(31)
  })

  it('three processes lose nothing', async () => {
    const table = contract('silver.processes')
    await Promise.all(
      upTo(3).map(async (writer) => {
        const program = join(import.meta.dirname, 'append-writer.ts')
        const process = spawn(execPath, [program, fixture.root, JSON.stringify(table), `${writer * 5}`], {
          stdio: 'inherit',
        })
        const [code] = await once(process, 'exit')
        expect(code).toBe(0)
      }),
    )
    expect(await ids(table)).toEqual(upTo(15))
  })
})
