import { buildTable } from '../../tables/build/build-table.ts'
import type { TableContract } from '../../tables/contract.ts'
import { appendRows } from '../../tables/rows/append-rows.ts'
import { type Fixture, contractOf } from './fixture.ts'

const columns: TableContract['columns'] = [
  { name: 'id', type: 'bigint', nullable: false },
  { name: 'text', type: 'string', nullable: true },
  { name: 'n', type: 'int', nullable: true },
  { name: 'd', type: 'double', nullable: true },
  { name: 'flag', type: 'boolean', nullable: true },
  { name: 'ts', type: 'timestamp', nullable: true },
  { name: 'day', type: 'date', nullable: true },
]

/** One row a file: every bound that the log states is one that a reader prunes by. */
export const prunedRows = [
  { id: 1, text: 'a', n: -1, d: 0.1, flag: true, ts: '2026-01-01T00:00:00.000001Z', day: '2026-01-01' },
  { id: 2, text: 'ÿ', n: 0, d: -1e300, flag: false, ts: '1969-12-31T23:59:59.999999Z', day: '1969-12-31' },
  {
    id: 3,
    text: '\u{1F600}',
    n: 2147483647,
    d: 1.5,
    flag: null,
    ts: '2026-01-01T00:00:00.123999Z',
    day: null,
  },
  { id: 4, text: null, n: null, d: null, flag: null, ts: null, day: '2026-02-28' },
  { id: 5, text: 'x'.repeat(100), n: 5, d: 5, flag: true, ts: '2026-06-01T12:00:00Z', day: '2026-06-01' },
  { id: 6, text: '\uFFFD', n: 6, d: 6, flag: true, ts: '9999-12-31T23:59:59.999999Z', day: '9999-12-31' },
]

const sqlValue = (value: string | number | boolean | null) =>
  typeof value === 'string' ? `'${value}'` : String(value)

/** A table of `prunedRows`. */
export async function fillPruned(
  fixture: Fixture,
  name: string,
  partitionBy: string[],
  how: 'rows' | 'build',
): Promise<TableContract> {
  const contract = contractOf({ name, columns, partitionBy, key: how === 'build' ? ['id'] : [] })
  for (const row of prunedRows) {
    const sql = `SELECT ${row.id}::BIGINT AS id, ${sqlValue(row.text)}::VARCHAR AS text, ${row.n}::INTEGER AS n, ${row.d}::DOUBLE AS d,
      ${row.flag}::BOOLEAN AS flag, ${sqlValue(row.ts)}::TIMESTAMPTZ AS ts, ${sqlValue(row.day)}::DATE AS day`
    const batch = `b${row.id}`
    if (how === 'rows') await appendRows({ ...fixture, contract, rows: [row], transaction: batch })
    else await buildTable({ ...fixture, contract, sql, batch, parameters: {}, contractOf: async () => null })
  }
  return contract
}

/** Conditions in the SQL that DataFusion and Spark share, with the ids that they find. */
export const pruningConditions: [string, number[]][] = [
  ["text = 'a'", [1]],
  ["text = 'ÿ'", [2]],
  ["text = '\u{1F600}'", [3]],
  ["text = '\uFFFD'", [6]],
  [`text = '${'x'.repeat(100)}'`, [5]],
  ['text is null', [4]],
  ['n = 2147483647', [3]],
  ['d = 0.1', [1]],
  ['d < -1e299', [2]],
  ['flag = true', [1, 5, 6]],
  ['flag is null', [3, 4]],
  ["ts = timestamp '2026-01-01T00:00:00.000001Z'", [1]],
  ["ts = timestamp '2026-01-01T00:00:00.123999Z'", [3]],
  ["ts = timestamp '1969-12-31T23:59:59.999999Z'", [2]],
  ["ts < timestamp '1970-01-01T00:00:00Z'", [2]],
  ["day = date '2026-02-28'", [4]],
  ["day < date '1970-01-01'", [2]],
  ["day > date '2026-03-01'", [5, 6]],
]

export const prunedTables: [string, string[], 'rows' | 'build'][] = [
  ['bronze.flat_rows', [], 'rows'],
  ['bronze.parted_rows', ['flag', 'ts', 'day', 'text', 'n', 'd'], 'rows'],
  ['silver.flat_build', [], 'build'],
  ['silver.parted_build', ['flag', 'ts', 'day', 'text', 'n', 'd'], 'build'],
]
