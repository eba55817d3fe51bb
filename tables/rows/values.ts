import type { ColumnType } from '../contract.ts'

/**
 * What rows hold: text for string; number or bigint for int and bigint; number for double; boolean; ISO 8601 text with a zone, or a
 * Date, for timestamp; `YYYY-MM-DD` for date. undefined is null.
 */
export type RowValue = string | number | bigint | boolean | Date | null | undefined
export type Row = Readonly<Record<string, RowValue>>

/** As Parquet stores it: timestamps in microseconds and dates in days since 1970. */
export type StoredValue = string | number | bigint | boolean

/** Checks one value of a type. Answers what is allowed where the value is not. */
type Reader = (value: Exclude<RowValue, null | undefined>) => StoredValue | Refusal

export class Refusal {
  readonly allowed: string

  constructor(allowed: string) {
    this.allowed = allowed
  }
}

const timestampText = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/
const dateText = /^\d{4}-\d\d-\d\d$/

export const readers = {
  string: (value) => (typeof value === 'string' ? value : new Refusal('text')),
  bigint: (value) => integer(value, -(2n ** 63n), 2n ** 63n - 1n, 'a whole number of 64 bits'),
  int: (value) => {
    const read = integer(value, -(2n ** 31n), 2n ** 31n - 1n, 'a whole number of 32 bits')
    return typeof read === 'bigint' ? Number(read) : read
  },
  double: (value) =>
    typeof value === 'number' && Number.isFinite(value)
      ? value
      : new Refusal('a finite number, or null where there is none'),
  boolean: (value) => (typeof value === 'boolean' ? value : new Refusal('true or false')),
  timestamp: (value) => {
    if (value instanceof Date && Number.isFinite(value.getTime())) return BigInt(value.getTime()) * 1000n
    return (
      (typeof value === 'string' ? microseconds(value) : null) ?? new Refusal('ISO 8601 text with a zone')
    )
  },
  date: (value) => {
    const time = typeof value === 'string' && dateText.test(value) ? Date.parse(value) : NaN
    // Date.parse takes 2026-02-30 for the second of March.
    const isReal = Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === value
    return isReal ? time / 86_400_000 : new Refusal('YYYY-MM-DD')
  },
} satisfies Record<ColumnType, Reader>

function integer(value: RowValue, min: bigint, max: bigint, allowed: string): bigint | Refusal {
  const isWhole = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
  if (!isWhole) return new Refusal(allowed)
  const whole = BigInt(value)
  return whole < min || whole > max ? new Refusal(allowed) : whole
}

/** Microseconds since 1970 of an ISO 8601 text with a zone; null where it is none. Finer digits are cut off. */
export function microseconds(text: string): bigint | null {
  const match = timestampText.exec(text)
  if (match === null) return null
  const [, date, time, fraction = '', zone] = match
  const milliseconds = Date.parse(`${date}T${time}${zone}`)
  if (!Number.isFinite(milliseconds)) return null
  return BigInt(milliseconds) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
}
