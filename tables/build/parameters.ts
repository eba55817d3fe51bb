import { quoteText } from '../duckdb/sql.ts'
import { DefinitionError } from '../errors.ts'
import { microseconds } from '../rows/values.ts'

export type ParameterValue = string | number | boolean | null
export type Parameters = Readonly<Record<string, ParameterValue>>

/** Pieces of SQL in which a `$` starts no parameter: comments, texts, quoted names, dollar-quoted texts; then a parameter itself. */
const pieces =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$[\s\S]*?\$\$|\$([A-Za-z_][A-Za-z0-9_]*)/g

/** `sql` with each `$name` replaced by a typed literal. Throws a DefinitionError where a parameter has no value. */
export function bindParameters(sql: string, parameters: Parameters, file: string): string {
  return sql.replaceAll(pieces, (piece: string, name: string | undefined) => {
    if (name === undefined) return piece
    const value = parameters[name]
    if (value === undefined) {
      const known = Object.keys(parameters).map((one) => `$${one}`)
      throw new DefinitionError(`${file} reads $${name}, which is not given; given are ${known.join(', ')}`)
    }
    return literal(value)
  })
}

/**
 * A text that is an ISO 8601 time with a zone becomes a TIMESTAMP (in UTC), any other text a VARCHAR; a whole number a BIGINT, another
 * a DOUBLE.
 */
export function literal(value: ParameterValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? `CAST(${value} AS BIGINT)` : `CAST('${value}' AS DOUBLE)`
  }
  const time = microseconds(value)
  return time === null ? quoteText(value) : `make_timestamp(CAST(${time} AS BIGINT))`
}
