import type { RowBuffer } from 'parquetjs-lite'
import type { StoredValue } from './values.ts'

/** An empty row group of flat columns, as parquetjs-lite gathers one. */
export function emptyGroup(names: readonly string[]): RowBuffer {
  const column = () => ({
    dlevels: [],
    rlevels: [],
    values: [],
    distinct_values: new Set<never>(),
    count: 0,
  })
  return {
    rowCount: 0,
    pageRowCount: 0,
    columnData: Object.fromEntries(names.map((name) => [name, column()])),
    pages: Object.fromEntries(names.map((name) => [name, []])),
  }
}

/** Adds a row column by column. The library would make a dozen small objects for each value, which only nested columns need. */
export function addToGroup(group: RowBuffer, row: Readonly<Record<string, StoredValue | null>>): void {
  group.rowCount += 1
  group.pageRowCount += 1
  for (const [name, column] of Object.entries(group.columnData)) {
    const value = row[name] ?? null
    column.count += 1
    column.dlevels.push(value === null ? 0 : 1)
    if (value !== null) column.values.push(value)
  }
}
