import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LocalLake } from '../../../lake/local/local-lake.ts'
import { buildTable } from '../../../tables/build/build-table.ts'
import { type TableContract, tableFolder } from '../../../tables/contract.ts'
import { appendRows } from '../../../tables/rows/append-rows.ts'
import { type Fixture, contractOf, openFixture, rowsOf } from '../fixture.ts'
import { fillPruned, prunedTables, pruningConditions } from '../pruning-cases.ts'
import { askSpark, installSpark } from './spark.ts'

let fixture: Fixture
beforeAll(async () => {
  installSpark()
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

const contract = (name: string, merges = false) =>
  contractOf({
    name,
    columns: [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'kind', type: 'string', nullable: true },
    ],
    partitionBy: ['kind'],
    ...(merges ? { key: ['id'], materialization: { type: 'merge' as const } } : {}),
  })

const append = (table: TableContract, id: number) =>
  appendRows({ ...fixture, contract: table, rows: [{ id, kind: `k${id % 3}` }], transaction: `t/${id}` })

const merge = (table: TableContract, batch: string, ids: readonly number[], kind: string) =>
  buildTable({
    ...fixture,
    contract: table,
    sql: `SELECT unnest([${ids.join(', ')}])::BIGINT AS id, '${kind}' AS kind`,
    batch,
    parameters: {},
    contractOf: async () => null,
  })

const folder = (table: TableContract) => join(fixture.root, tableFolder(table.name))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
const all = 'true'

describe("Spark's Delta", () => {
  it('reads every version, by checkpoints every ten commits and by the entries after them', async () => {
    const table = contract('silver.long')
    for (const id of upTo(25)) await append(table, id)
    const cleaned = contract('silver.cleaned')
    for (const id of upTo(13)) await append(cleaned, id)
    for (const id of upTo(10))
      await rm(join(folder(cleaned), '_delta_log', `${String(id).padStart(20, '0')}.json`))
    const versions = [20, 9, 0]
    const answers = askSpark([
      { table: folder(table), where: all },
      ...versions.map((version) => ({ table: folder(table), version, where: all })),
      { table: folder(table), where: "kind = 'k1'" },
      { table: folder(cleaned), where: all },
    ])
    expect(answers).toEqual([
      upTo(25),
      ...versions.map((version) => upTo(version + 1)),
      upTo(25).filter((id) => id % 3 === 1),
      upTo(13),
    ])
  })

  it('finds every row of every type by its values, pruning by statistics and partitions', async () => {
    const tables = []
    for (const [name, partitionBy, how] of prunedTables)
      tables.push(folder(await fillPruned(fixture, name, partitionBy, how)))
    const answers = askSpark(
      tables.flatMap((table) => pruningConditions.map(([where]) => ({ table, where }))),
    )
    const expected = tables.flatMap(() => pruningConditions.map(([, ids]) => ids))
    expect(answers).toEqual(expected)
  })

  it('reads merges, and what it appends in turns with Headrace is read by both', async () => {
    const table = contract('silver.turns', true)
    for (const round of upTo(11)) await merge(table, `b${round}`, [0, round + 1], `k${round}`)
    const [before] = askSpark([
      { table: folder(table), where: all },
      {
        table: folder(table),
        append: [
          [100, 'spark'],
          [101, null],
        ],
      },
    ])
    expect(before).toEqual(upTo(12))
    await merge(table, 'late', [100, 200], 'headrace')
    const rows = await rowsOf(fixture, table, 'id')
    expect(rows.map((row) => Number(row['id']))).toEqual([...upTo(12), 100, 101, 200])
    expect(rows.find((row) => row['id'] === '100')).toMatchObject({ kind: 'headrace' })
    const [after, changed] = askSpark([
      { table: folder(table), where: all },
      { table: folder(table), where: "kind = 'headrace'" },
    ])
    expect(after).toEqual([...upTo(12), 100, 101, 200])
    expect(changed).toEqual([100, 200])
  })

  it('takes nothing away by its own VACUUM that a version of the last week needs', async () => {
    const table = contract('silver.swept', true)
    for (const round of upTo(12)) await merge(table, `b${round}`, [0, round + 1], `k${round}`)
    askSpark([{ table: folder(table), vacuum: true }])
    const lake = new LocalLake({ root: fixture.root })
    for (const version of [0, 5, 11])
      expect(await rowsOf({ ...fixture, lake }, table, 'id', version)).toHaveLength(version + 2)
  })
})
