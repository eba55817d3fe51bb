import type { ColumnType, TableColumn } from '../contract.ts'
import { formatStats, longestBound, timestampBound } from '../delta/stats.ts'
import type { StoredValue } from './values.ts'

interface Bounds {
  nulls: number
  /** False once a text was too long to be a bound. */
  isBounded: boolean
  min: StoredValue | null
  max: StoredValue | null
}

/** Counts and bounds of the rows of one file, gathered while they pass. */
export class RowStats {
  readonly #columns: readonly Pick<TableColumn, 'name' | 'type'>[]
  readonly #bounds: Bounds[]
  rows = 0

  constructor(columns: readonly Pick<TableColumn, 'name' | 'type'>[]) {
    this.#columns = columns
    this.#bounds = columns.map(() => ({ nulls: 0, isBounded: true, min: null, max: null }))
  }

  add(row: Readonly<Record<string, StoredValue | null>>): void {
    this.rows += 1
    for (const [index, { name }] of this.#columns.entries()) {
      const bounds = this.#bounds[index]
      const value = row[name] ?? null
      if (bounds === undefined) continue
      if (value === null) {
        bounds.nulls += 1
      } else if (typeof value === 'string' && value.length > longestBound) {
        bounds.isBounded = false
      } else {
        if (bounds.min === null || isBefore(value, bounds.min)) bounds.min = value
        if (bounds.max === null || isBefore(bounds.max, value)) bounds.max = value
      }
    }
  }

  format(): string {
    const minValues: Record<string, string | number> = {}
    const maxValues: Record<string, string | number> = {}
    const nullCount: Record<string, number> = {}
    for (const [index, { name, type }] of this.#columns.entries()) {
      const bounds = this.#bounds[index]
      if (bounds === undefined) continue
      const { nulls, isBounded, min, max } = bounds
      nullCount[name] = nulls
      if (!isBounded) continue
      const low = bound(type, min, 'min')
      const high = bound(type, max, 'max')
      if (low !== null && high !== null) {
        minValues[name] = low
        maxValues[name] = high
      }
    }
    return formatStats({ numRecords: this.rows, minValues, maxValues, nullCount })
  }
}

/** Texts by code point, as the UTF-8 bytes sort; the language's `<` compares UTF-16 units. */
function isBefore(left: StoredValue, right: StoredValue): boolean {
  if (typeof left !== 'string' || typeof right !== 'string') return left < right
  return Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0
}

function bound(type: ColumnType, value: StoredValue | null, side: 'min' | 'max'): string | number | null {
  if (value === null || typeof value === 'boolean') return null
  if (type === 'timestamp') return typeof value === 'bigint' ? timestampBound(value, side) : null
  if (type === 'date') return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10)
  if (typeof value === 'string') return value
  return Number.isSafeInteger(Number(value)) || type === 'double' ? Number(value) : null
}
