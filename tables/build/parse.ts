import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteText } from '../duckdb/sql.ts'
import { DefinitionError } from '../errors.ts'
import { explained } from './sql-error.ts'

export interface ParsedSelect {
  /** Tables that the SELECT names as `layer.table`, sorted. */
  readonly inputs: readonly string[]
  /** Names of `$parameters`, sorted. */
  readonly parameters: readonly string[]
}

/**
 * Finds what a SELECT reads from its parse tree. `file` is named in errors. Throws a DefinitionError where the text is not exactly
 * one SELECT.
 */
export async function parseSelect(
  connection: DuckDBConnection,
  sql: string,
  file: string,
): Promise<ParsedSelect> {
  // DuckDB's text would end there.
  if (sql.includes('\0')) throw new DefinitionError(`${file} holds a NUL character; SQL is text`)
  const result = await explained(file, () =>
    connection.runAndReadAll(`SELECT json_serialize_sql(${quoteText(sql)})`),
  )
  const tree: unknown = JSON.parse(withoutInfinities(String(result.getRows()[0]?.[0])))
  if (!isObject(tree) || tree['error'] === true) {
    const detail = isObject(tree) ? String(tree['error_message']) : 'no parse tree'
    throw new DefinitionError(`${file} is not one SELECT: ${detail}`)
  }
  const statements = tree['statements']
  if (!Array.isArray(statements) || statements.length !== 1) {
    throw new DefinitionError(`${file} must hold exactly one SELECT`)
  }
  const inputs = new Set<string>()
  const parameters = new Set<string>()
  walk(statements, (node) => {
    if (
      node['type'] === 'BASE_TABLE' &&
      typeof node['schema_name'] === 'string' &&
      node['schema_name'] !== ''
    ) {
      inputs.add(`${node['schema_name']}.${String(node['table_name'])}`)
    }
    if (node['class'] === 'PARAMETER') parameters.add(String(node['identifier']))
  })
  return { inputs: [...inputs].sort(), parameters: [...parameters].sort() }
}

/** DuckDB writes a number beyond all bounds (`1e400`) as `Infinity`, which is no JSON; nothing here asks for its value. */
function withoutInfinities(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|-?NaN/g, (found) =>
    found.startsWith('"') ? found : 'null',
  )
}

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit)
  } else if (isObject(value)) {
    visit(value)
    for (const item of Object.values(value)) walk(item, visit)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
