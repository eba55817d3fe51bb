import type { RowColumn } from '../../formats/rows/row-stream.ts'
import { quoteName, quoteText } from '../../tables/duckdb/sql.ts'
import type { MappedColumn, Mapping } from './mapping.ts'

/** The SELECT of a mapping, with the columns that it gives; columns of nested paths come together as one JSON column for each first name. */
export function selectOf(mapping: Mapping, where = ''): { select: string; columns: RowColumn[] } {
  const groups = new Map<string, MappedColumn[]>()
  for (const column of mapping.columns) {
    const first = column.path[0] ?? column.name
    groups.set(first, [...(groups.get(first) ?? []), column])
  }
  const picked: string[] = []
  const columns: RowColumn[] = []
  for (const [name, group] of groups) {
    const [only] = group
    const plain = group.length === 1 && only?.path.length === 1 ? only : undefined
    picked.push(`${plain === undefined ? nested(group, 1) : plain.value} AS ${quoteName(name)}`)
    columns.push({ name, type: plain?.type ?? 'json' })
  }
  return { select: `SELECT ${picked.join(', ')} FROM ${mapping.from}${where}`, columns }
}

function nested(group: readonly MappedColumn[], depth: number): string {
  const groups = new Map<string, MappedColumn[]>()
  for (const column of group) {
    const name = column.path[depth] ?? ''
    groups.set(name, [...(groups.get(name) ?? []), column])
  }
  const entries = [...groups].map(([name, inner]) => {
    const [only] = inner
    const value =
      inner.length === 1 && only?.path.length === depth + 1 ? only.value : nested(inner, depth + 1)
    return `${quoteText(name)}, ${value}`
  })
  return `json_object(${entries.join(', ')})`
}
