import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { RowColumn } from '../../../formats/rows/row-stream.ts'
import type { DatabaseParameter, ProcedureTexts, ResultSet, ScriptResult } from '../../database.ts'
import { DataError, DefinitionError } from '../../errors.ts'
import type { Procedure } from '../tsql/procedure.ts'
import { parseProcedure } from '../tsql/procedure.ts'
import { rewrite } from '../tsql/rewrite.ts'
import type { GivenArgument, Statement } from '../tsql/script.ts'
import { parseScript } from '../tsql/script.ts'
import type { Token } from '../tsql/tokens.ts'
import { made, textOf } from '../tsql/tokens.ts'
import type { SessionStart, Source } from './protocol.ts'
import { splitStatements } from './plain-script.ts'
import { refusal } from './refusal.ts'
import { resultColumns } from './result-columns.ts'
import { changes } from './reads-only.ts'
import { outputValue, parameterValue, readValue, typedValue } from './values.ts'

const deepestCalls = 32

/** Variables of a script or of a procedure that runs. */
export interface Scope {
  readonly values: Map<string, SQLInputValue>
  readonly types: Map<string, string>
  readonly tables: Set<string>
}

/** A statement that is ready to give rows. */
export interface Reading {
  readonly statement: StatementSync
  readonly values: Record<string, SQLInputValue>
  readonly text: string
}

/** Runs the statements of one call in order, inside the caller's transaction. */
export class Runner {
  readonly #database: DatabaseSync
  readonly #start: SessionStart
  readonly #procedures: ProcedureTexts
  readonly resultSets: ResultSet[] = []
  readonly messages: string[] = []
  #affected: number | null = null
  #rowCount = 0n

  constructor(database: DatabaseSync, start: SessionStart, procedures: ProcedureTexts) {
    this.#database = database
    this.#start = start
    this.#procedures = procedures
  }

  parse(text: string): Statement[] {
    return this.#start.tsql ? parseScript(text) : splitStatements(text)
  }

  /** The statements of a call and the variables that they start with. */
  prepare(
    source: Source,
    parameters: readonly DatabaseParameter[],
  ): { statements: readonly Statement[]; scope: Scope } {
    const given = new Map(parameters.map(({ name, value }) => [plainName(name), parameterValue(value)]))
    if ('procedure' in source) return this.#enter(this.#procedure(source.procedure), given, new Set())
    const scope = { values: given, types: new Map<string, string>(), tables: new Set<string>() }
    return { statements: this.parse(source.text), scope }
  }

  /** Parameters of a procedure in their types; `tables` are the table parameters that are given. */
  enter(name: string, parameters: readonly DatabaseParameter[], tables: ReadonlySet<string>) {
    const given = new Map(parameters.map((one) => [plainName(one.name), parameterValue(one.value)]))
    return this.#enter(this.#procedure(name), given, tables)
  }

  run(statements: readonly Statement[], scope: Scope, depth = 0): 'done' | 'returned' {
    for (const statement of statements)
      if (this.#run(statement, scope, depth) === 'returned') return 'returned'
    return 'done'
  }

  /** Whether any of the statements may change something, in procedures that they call too. */
  changes(statements: readonly Statement[]): boolean {
    return changes(statements, (name) => this.#procedure(name).body)
  }

  result(parameters: readonly DatabaseParameter[], scope: Scope): ScriptResult {
    const outputs = parameters
      .filter(({ direction }) => direction !== 'Input')
      .map(({ name }) => {
        const value = outputValue(scope.values.get(plainName(name)) ?? null)
        return [
          name,
          typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value,
        ] as const
      })
    return {
      resultSets: this.resultSets,
      recordsAffected: this.#affected,
      outputParameters: Object.fromEntries(outputs),
      messages: this.messages,
    }
  }

  /** The statement as SQLite has it, with the values of its variables. Throws where one was never declared. */
  reading(tokens: readonly Token[], scope: Scope): Reading {
    const text = this.#start.tsql
      ? rewrite(tokens, {
          database: this.#start.name,
          tableParameters: scope.tables,
          isTable: (name) => this.#isTable(name),
        })
      : textOf(tokens)
    const values: Record<string, SQLInputValue> = { _rowcount: this.#rowCount }
    for (const token of tokens) {
      if (token.kind !== 'parameter' || scope.tables.has(token.value)) continue
      const value = scope.values.get(token.value)
      if (value === undefined)
        throw new DefinitionError(
          `Must declare the scalar variable "${token.text}"; in: ${text.slice(0, 300)}`,
        )
      values[this.#start.tsql ? token.value : token.text.slice(1)] = value
    }
    return this.#attempt(text, () => {
      const statement = this.#database.prepare(text)
      statement.setReadBigInts(true)
      statement.setAllowUnknownNamedParameters(true)
      return { statement, values, text }
    })
  }

  #run(one: Statement, scope: Scope, depth: number): 'done' | 'returned' {
    switch (one.kind) {
      case 'sql':
        this.#sql(this.reading(one.tokens, scope))
        return 'done'
      case 'if':
        return this.run(this.#holds(one.condition, scope) ? one.holds : one.otherwise, scope, depth)
      case 'declare':
        scope.types.set(one.name, one.type)
        scope.values.set(
          one.name,
          one.value === null ? null : typedValue(this.#value(one.value, scope), one.type),
        )
        return 'done'
      case 'tableVariable':
        scope.tables.add(one.name)
        this.#sql(
          this.reading(
            [made('word', 'CREATE'), made('word', 'TABLE'), made('parameter', `@${one.name}`), ...one.tokens],
            scope,
          ),
        )
        return 'done'
      case 'assign':
        this.#assign(one, scope)
        return 'done'
      case 'print':
        this.messages.push(messageText(this.#value(one.value, scope)))
        return 'done'
      case 'raise':
        throw new DataError(messageText(this.#value(one.value, scope)))
      case 'execute':
        this.#execute(one.procedure, one.given, scope, depth)
        return 'done'
      case 'return':
        return 'returned'
    }
  }

  #sql({ statement, values, text }: Reading): void {
    this.#attempt(text, () => {
      if (statement.columns().length === 0) {
        const changed = BigInt(statement.run(values).changes)
        // SQLite repeats the number of the last one where a statement changes no row: DDL.
        this.#rowCount = /^\s*(insert|update|delete|replace|with)/i.test(text) ? changed : 0n
        if (/^\s*(insert|update|delete|replace|with)/i.test(text))
          this.#affected = (this.#affected ?? 0) + Number(changed)
        return
      }
      const rows = allRows(statement, values)
      const columns = resultColumns(statement, rows)
      this.#rowCount = BigInt(rows.length)
      this.resultSets.push({
        columns: columns.map(({ name, type }): RowColumn => ({ name, type })),
        rows: rows.map((row) => columns.map((column, index) => readValue(row[index] ?? null, column))),
      })
    })
  }

  #value(expression: readonly Token[], scope: Scope): SQLInputValue {
    return this.#first([made('word', 'SELECT'), ...expression], scope)?.[0] ?? null
  }

  #holds(condition: readonly Token[], scope: Scope): boolean {
    const tokens = [
      made('word', 'SELECT'),
      made('word', 'CASE'),
      made('word', 'WHEN'),
      ...condition,
      made('word', 'THEN'),
      made('number', '1'),
      made('word', 'END'),
    ]
    return (this.#first(tokens, scope)?.[0] ?? null) !== null
  }

  #assign({ names, select }: Extract<Statement, { kind: 'assign' }>, scope: Scope): void {
    const row = this.#first(select, scope)
    // Without a row a SELECT leaves the variables as they are.
    if (row === null) return
    for (const [index, name] of names.entries()) {
      if (!scope.values.has(name)) throw new DefinitionError(`Must declare the scalar variable "@${name}"`)
      const type = scope.types.get(name)
      const value = row[index] ?? null
      scope.values.set(name, type === undefined ? value : typedValue(value, type))
    }
  }

  /** The last row, as SQL Server sets variables from many rows. */
  #first(tokens: readonly Token[], scope: Scope): SQLOutputValue[] | null {
    const { statement, values, text } = this.reading(tokens, scope)
    return this.#attempt(text, () => allRows(statement, values).at(-1) ?? null)
  }

  #execute(name: string, given: readonly GivenArgument[], scope: Scope, depth: number): void {
    if (depth >= deepestCalls)
      throw new DefinitionError(
        `procedures call each other more than ${deepestCalls} deep; the last is ${name}`,
      )
    const procedure = this.#procedure(name)
    const values = new Map(
      given.map(({ name: argument, value }, index) => {
        const target = argument ?? procedure.parameters[index]?.name
        if (target === undefined)
          throw new DefinitionError(
            `${procedure.name} has ${procedure.parameters.length} parameters; ${given.length} are given`,
          )
        return [target, this.#value(value, scope)] as const
      }),
    )
    const inner = this.#enter(procedure, values, new Set())
    this.run(inner.statements, inner.scope, depth + 1)
  }

  #enter(
    { name, parameters, body }: Procedure,
    given: ReadonlyMap<string, SQLInputValue>,
    tables: ReadonlySet<string>,
  ) {
    const scope: Scope = { values: new Map(), types: new Map(), tables: new Set(tables) }
    const known = new Set(parameters.map((one) => one.name))
    for (const one of given.keys())
      if (!known.has(one))
        throw new DefinitionError(
          `@${one} is not a parameter for procedure ${name} (SQL error 8145); its parameters are: ${[...known].map((each) => `@${each}`).join(', ') || 'none'}`,
        )
    for (const parameter of parameters) {
      if (tables.has(parameter.name)) continue
      const value = given.get(parameter.name)
      if (value === undefined && (parameter.defaultValue === null || parameter.isOutput))
        throw new DefinitionError(
          `Procedure or function '${name}' expects parameter '@${parameter.name}', which was not supplied (SQL error 201)`,
        )
      const found = value ?? this.#value(parameter.defaultValue ?? [made('word', 'NULL')], scope)
      scope.types.set(parameter.name, parameter.type)
      scope.values.set(parameter.name, value === null ? null : typedValue(found, parameter.type))
    }
    return { statements: body, scope }
  }

  #procedure(name: string): Procedure {
    const plain = name.replaceAll(/[[\]"]/g, '').toLowerCase()
    const parts = plain.split('.')
    const key = parts.length > 2 ? parts.slice(-2).join('.') : parts.length === 1 ? `dbo.${plain}` : plain
    const text = this.#procedures[key]
    if (text !== undefined) return parseProcedure(key, text)
    const known = Object.keys(this.#procedures).join(', ') || 'none'
    throw new DefinitionError(
      `Could not find stored procedure '${name}': the factory has no procedure/${key}.sql; it has: ${known}`,
    )
  }

  #isTable(name: string): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ? COLLATE NOCASE').get(name) !==
      undefined
    )
  }

  #attempt<T>(text: string, work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw refusal(error, text)
    }
  }
}

function allRows(statement: StatementSync, values: Record<string, SQLInputValue>): SQLOutputValue[][] {
  statement.setReturnArrays(true)
  return [...rowsOf(statement, values)]
}

/** Rows as arrays: with `setReturnArrays` SQLite gives these, whatever the declaration of `iterate` says. */
export function* rowsOf(
  statement: StatementSync,
  values: Record<string, SQLInputValue>,
): Generator<SQLOutputValue[]> {
  statement.setReturnArrays(true)
  for (const row of statement.iterate(values)) yield Array.isArray(row) ? row : Object.values(row)
}

export function plainName(name: string): string {
  return name.replace(/^@/, '').toLowerCase()
}

function messageText(value: SQLInputValue): string {
  return ArrayBuffer.isView(value) ? `${value.byteLength} bytes` : String(value ?? '')
}
