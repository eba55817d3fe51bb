import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api'

/** A value as JSON holds it: whole numbers beyond 2^53 as text, times as ISO 8601 text in UTC with microseconds, nested values as text. */
export type QueryValue = string | number | boolean | null

export function queryValue(value: DuckDBValue): QueryValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value.toString()
  }
  if (value instanceof DuckDBDecimalValue) return value.toDouble()
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    return isoText(value.micros)
  }
  if (value instanceof DuckDBDateValue) return value.toString()
  return value.toString()
}

function isoText(micros: bigint): string {
  const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n)
  const fraction = (micros - seconds * 1_000_000n).toString().padStart(6, '0')
  const date = new Date(Number(seconds) * 1000)
  // Beyond the years that a Date holds stand DuckDB's infinities.
  if (Number.isNaN(date.getTime())) return micros > 0n ? 'infinity' : '-infinity'
  return `${date.toISOString().slice(0, -5)}.${fraction}Z`
}
