import { DefinitionError } from '../../adf/errors.ts'
import type { RowColumn } from '../../formats/rows/row-stream.ts'
import { quoteName, quoteText } from '../../tables/duckdb/sql.ts'

/** Reads a JSON path of a mapping: `$['a']['b'][0]`, `$.a.b`, `a.b`. Throws a DefinitionError that names the place. */
export function parsePath(text: string, place: string): (string | number)[] {
  const parts: (string | number)[] = []
  let rest = text.startsWith('$') ? text.slice(1) : `.${text.replace(/^\./, '')}`
  if (text.startsWith('[')) rest = text
  while (rest !== '') {
    const match = /^(?:\['((?:[^'\\]|\\.|'')*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.([^.[\]]+))/.exec(rest)
    if (match === null)
      throw new DefinitionError(
        `${place} is ${JSON.stringify(text)}, no path that is read here from ${JSON.stringify(rest)}; a path is such as $['a']['b'][0] or $.a.b`,
      )
    const [whole, single, double, index, name] = match
    if (index !== undefined) parts.push(Number(index))
    else
      parts.push(
        (single ?? double ?? name ?? '').replaceAll(
          /\\(.)|''/g,
          (escape, character?: string) => character ?? escape.charAt(0),
        ),
      )
    rest = rest.slice(whole.length)
  }
  return parts
}

/** The value of a path below a JSON expression, as JSON. */
export function pathExpression(base: string, path: readonly (string | number)[]): string {
  if (path.length === 0) return base
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `."${part.replaceAll('"', '\\"')}"`))
    .join('')
  return `json_extract(${base}, ${quoteText(`$${text}`)})`
}

/** A path from the top of a row: its first name is a column. `missing`: NULL where there is no such column, as documents differ. */
export function columnOfPath(
  path: readonly (string | number)[],
  columns: readonly RowColumn[],
  place: string,
  missing = false,
): string {
  const [first, ...rest] = path
  const column = columns.find(({ name }) => name === first)
  if (column === undefined) {
    if (missing) return 'CAST(NULL AS JSON)'
    throw new DefinitionError(
      `${place} begins with ${JSON.stringify(first ?? '$')}, which the source does not have; it has: ${columns.map(({ name }) => name).join(', ') || 'none'}`,
    )
  }
  const base = column.type === 'json' ? quoteName(column.name) : `to_json(${quoteName(column.name)})`
  return pathExpression(`CAST(${base} AS JSON)`, rest)
}
