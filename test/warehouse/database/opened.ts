import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { RowColumn, RowStream, RowValue } from '../../../formats/rows/row-stream.ts'
import type {
  Database,
  DatabaseCall,
  DatabaseParameter,
  DatabaseWriteInput,
} from '../../../warehouse/database.ts'
import { openSqliteDatabase } from '../../../warehouse/sqlite/database/sqlite-database.ts'

/** A database `Sales` in a folder of its own, gone when the test has ended. */
export async function openedDatabase(
  options: { tsql?: boolean } = {},
): Promise<Database & { readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-database-'))
  const file = join(folder, 'Sales.db')
  const database = openSqliteDatabase({ file, name: 'Sales', tsql: options.tsql ?? true })
  onTestFinished(async () => {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  })
  return { ...database, file }
}

let calls = 0

export function call(changes: Partial<DatabaseCall> = {}): DatabaseCall {
  calls += 1
  return {
    parameters: [],
    procedures: {},
    once: `call ${calls}`,
    signal: new AbortController().signal,
    ...changes,
  }
}

export function input(values: Readonly<Record<string, RowValue>>): DatabaseParameter[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, direction: 'Input' }))
}

export async function rowsOf(stream: RowStream): Promise<RowValue[][]> {
  const rows: RowValue[][] = []
  for await (const batch of stream.batches) rows.push(...batch.map((row) => [...row]))
  return rows
}

export async function select(database: Database, sql: string): Promise<RowValue[][]> {
  return rowsOf(await database.query(sql, call()))
}

export function rowStream(columns: readonly RowColumn[], rows: readonly (readonly RowValue[])[]): RowStream {
  return {
    columns,
    batches: (async function* () {
      for (const row of rows) yield [row]
    })(),
  }
}

export function writeInput(
  table: string,
  rows: RowStream,
  changes: Partial<DatabaseWriteInput> = {},
): DatabaseWriteInput {
  const { once, signal, procedures } = call()
  return {
    table: { schema: null, table },
    rows,
    write: { behavior: 'insert' },
    before: null,
    procedures,
    createTable: false,
    once,
    signal,
    ...changes,
  }
}
