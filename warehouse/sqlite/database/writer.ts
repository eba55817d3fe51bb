import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { RowColumn } from '../../../formats/rows/row-stream.ts'
import { DefinitionError } from '../../errors.ts'
import { quoted } from '../tsql/tokens.ts'
import type { SqlType } from '../tsql/types.ts'
import type { Batch, SessionCalls, SessionStart } from './protocol.ts'
import { refusal } from './refusal.ts'
import { plainName, Runner } from './runner.ts'
import { createTableSql, nameInFile, tableColumns, type TableColumn } from './table-columns.ts'
import { storeValue } from './values.ts'

type Input = SessionCalls['begin']['ask']

interface Target {
  readonly insert: StatementSync
  readonly text: string
  readonly types: readonly (SqlType | null)[]
}

/** Puts rows into a table inside the caller's transaction. */
export class Writer {
  readonly #database: DatabaseSync
  readonly #start: SessionStart
  readonly #input: Input
  readonly #target: Target
  #written = 0
  #staged = 0

  constructor(database: DatabaseSync, start: SessionStart, input: Input) {
    this.#database = database
    this.#start = start
    this.#input = input
    if (input.before !== null) this.#before(input.before)
    this.#target = this.#open()
  }

  rows(rows: Batch): void {
    const { insert, text, types } = this.#target
    const { columns, write } = this.#input
    for (const row of rows) {
      const values = columns.map(({ name, type }, index): SQLInputValue =>
        storeValue(row[index] ?? null, type, types[index] ?? null, name),
      )
      attempt(text, () => insert.run(...values))
      this.#written += 1
      this.#staged += 1
      if (write.behavior === 'storedProcedure' && this.#staged >= write.batchSize) this.#callProcedure()
    }
  }

  /** Ends the write; the number of rows. */
  end(): number {
    const { write } = this.#input
    if (write.behavior === 'upsert') this.#merge()
    if (write.behavior === 'storedProcedure' && this.#staged > 0) this.#callProcedure()
    return this.#written
  }

  #before(script: string): void {
    const runner = new Runner(this.#database, this.#start, this.#input.procedures)
    const { statements, scope } = runner.prepare({ text: script }, [])
    runner.run(statements, scope)
  }

  #open(): Target {
    const { write, columns } = this.#input
    if (write.behavior === 'storedProcedure') {
      const stage = `@${plainName(write.tableParameter)}`
      this.#database.exec(createTableSql(stage, columns, { temporary: true }))
      return this.#insertInto(
        `temp.${quoted(stage)}`,
        columns.map(() => null),
      )
    }
    const found = this.#tableColumns()
    const types = columns.map(({ name }) => this.#column(found, name).declared)
    if (write.behavior === 'insert') return this.#insertInto(quoted(this.#table()), types)
    const keys = this.#keys(found).map(quoted)
    this.#database.exec(createTableSql(stageTable, columns, { temporary: true }))
    // The last of several rows with one key counts.
    this.#database.exec(`CREATE UNIQUE INDEX temp._headrace_keys ON ${stageTable} (${keys.join(', ')})`)
    return this.#insertInto(`temp.${stageTable}`, types, 'INSERT OR REPLACE')
  }

  #insertInto(table: string, types: readonly (SqlType | null)[], verb = 'INSERT'): Target {
    const names = this.#input.columns.map(({ name }) => quoted(name))
    const text = `${verb} INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`
    return { insert: attempt(text, () => this.#database.prepare(text)), text, types }
  }

  #table(): string {
    const { table } = this.#input
    if (table === null) throw new DefinitionError('the sink names no table; give its dataset one')
    return nameInFile(table)
  }

  #tableColumns(): TableColumn[] {
    const name = this.#table()
    const found = tableColumns(this.#database, name)
    if (found !== null) return found
    if (!this.#input.createTable)
      throw new DefinitionError(
        `Invalid object name '${name}': there is no such table; create it, or give the sink tableOption: autoCreate`,
      )
    this.#database.exec(createTableSql(name, this.#input.columns))
    return tableColumns(this.#database, name) ?? []
  }

  #column(found: readonly TableColumn[], name: string): TableColumn {
    const column = found.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (column === undefined)
      throw new DefinitionError(
        `table ${this.#table()} has no column ${JSON.stringify(name)}; it has: ${found.map((one) => one.name).join(', ')}. Map the column in the translator`,
      )
    return column
  }

  #keys(found: readonly TableColumn[]): string[] {
    const { write, columns } = this.#input
    const given = write.behavior === 'upsert' ? write.keys : []
    const keys =
      given.length > 0
        ? given.map((name) => this.#column(found, name).name)
        : found.filter((one) => one.isKey).map((one) => one.name)
    if (keys.length === 0)
      throw new DefinitionError(
        `upsert into ${this.#table()} needs keys: the table has no primary key; give upsertSettings.keys`,
      )
    const missing = keys.find((key) => !columns.some(({ name }) => name.toLowerCase() === key.toLowerCase()))
    if (missing !== undefined)
      throw new DefinitionError(
        `upsert into ${this.#table()}: the key column ${JSON.stringify(missing)} does not come with the rows; they have: ${columns.map(({ name }) => name).join(', ')}`,
      )
    return keys
  }

  #merge(): void {
    const table = quoted(this.#table())
    const found = this.#tableColumns()
    const keys = this.#keys(found)
    const names = this.#input.columns.map(({ name }: RowColumn) => name)
    const others = names
      .filter((name) => !keys.some((key) => key.toLowerCase() === name.toLowerCase()))
      .map(quoted)
    const same = keys.map((key) => `t.${quoted(key)} = s.${quoted(key)}`).join(' AND ')
    const list = names.map(quoted)
    const statements = [
      ...(others.length === 0
        ? []
        : [
            `UPDATE ${table} AS t SET ${others.map((name) => `${name} = s.${name}`).join(', ')} FROM temp.${stageTable} AS s WHERE ${same}`,
          ]),
      `INSERT INTO ${table} (${list.join(', ')}) SELECT ${list.map((name) => `s.${name}`).join(', ')} FROM temp.${stageTable} AS s WHERE NOT EXISTS (SELECT 1 FROM ${table} AS t WHERE ${same})`,
      `DROP TABLE temp.${stageTable}`,
    ]
    for (const text of statements) attempt(text, () => this.#database.exec(text))
  }

  #callProcedure(): void {
    const { write, procedures } = this.#input
    if (write.behavior !== 'storedProcedure') return
    this.#staged = 0
    const runner = new Runner(this.#database, this.#start, procedures)
    const tables = new Set([plainName(write.tableParameter)])
    const { statements, scope } = runner.enter(write.procedure, write.parameters, tables)
    runner.run(statements, scope)
    this.#database.exec(`DELETE FROM temp.${quoted(`@${plainName(write.tableParameter)}`)}`)
  }
}

const stageTable = '_headrace_upsert'

function attempt<T>(text: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw refusal(error, text)
  }
}
