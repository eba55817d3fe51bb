import { createHash, randomUUID } from 'node:crypto'
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { DataError } from '../../errors.ts'
import { convert, roundTo } from './convert.ts'
import type { Instant } from './timestamps.ts'
import { addToDate, dateDifference, datePart, instantText, readInstant } from './timestamps.ts'

type Arguments = readonly SQLOutputValue[]

/** SQL Server's functions that SQLite lacks, by the name that they have in rewritten SQL. A null among the arguments gives null, but in `withNulls`. */
const functions: Readonly<Record<string, (...values: Arguments) => SQLInputValue>> = {
  tsql_cast: (value, type, style = null) =>
    convert(value ?? null, text(type), style === null ? null : Number(style)),
  tsql_try_cast: (value, type, style = null) => {
    try {
      return convert(value ?? null, text(type), style === null ? null : Number(style))
    } catch (error) {
      if (error instanceof DataError) return null
      throw error
    }
  },
  left_text: (value, count) => Array.from(text(value)).slice(0, Number(count)).join(''),
  right_text: (value, count) =>
    Number(count) <= 0 ? '' : Array.from(text(value)).slice(-Number(count)).join(''),
  len: (value) => BigInt(Array.from(text(value).replace(/ +$/, '')).length),
  datalength: (value) => BigInt(value instanceof Uint8Array ? value.length : text(value).length * 2),
  charindex: (part, value, start = 1n) =>
    BigInt(
      text(value)
        .toLowerCase()
        .indexOf(text(part).toLowerCase(), Math.max(Number(start) - 1, 0)) + 1,
    ),
  stuff: (value, start, length, into) => {
    const from = Number(start) - 1
    const whole = text(value)
    if (from < 0 || from >= whole.length) return null
    return whole.slice(0, from) + text(into) + whole.slice(from + Number(length))
  },
  replicate: (value, count) => text(value).repeat(Math.max(Number(count), 0)),
  reverse: (value) => Array.from(text(value)).reverse().join(''),
  space: (count) => ' '.repeat(Math.max(Number(count), 0)),
  isnumeric: (value) => (Number.isFinite(Number(value)) && text(value).trim() !== '' ? 1n : 0n),
  isdate: (value) => (readInstant(text(value)) === null ? 0n : 1n),
  dateadd: (part, count, to) => shaped(to, addToDate(text(part), Number(count), instant(to))),
  datediff: (part, from, to) => BigInt(dateDifference(text(part), instant(from), instant(to))),
  datepart: (part, of) => BigInt(datePart(text(part), instant(of))),
  datename: (part, of) => dateName(text(part), instant(of)),
  year: (of) => BigInt(datePart('year', instant(of))),
  month: (of) => BigInt(datePart('month', instant(of))),
  day: (of) => BigInt(datePart('day', instant(of))),
  eomonth: (of, months = 0n) => {
    const first = new Date(
      addToDate('month', Number(months) + 1, { ms: firstOfMonth(instant(of)), ticks: 0 }).ms,
    )
    return new Date(first.getTime() - 86_400_000).toISOString().slice(0, 10)
  },
  datefromparts: (year, month, day) => {
    const date = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    instant(date)
    return date
  },
  hashbytes: (algorithm, value) => hash(text(algorithm), value ?? null),
  tsql_round: (value, digits = 0n) =>
    Number(digits) >= 0
      ? Number(roundTo(Number(value), Number(digits)))
      : Math.round(Number(value) * 10 ** Number(digits)) / 10 ** Number(digits),
}

const withNulls: Readonly<Record<string, (...values: Arguments) => SQLInputValue>> = {
  concat: (...values) => values.map((value) => (value === null ? '' : text(value))).join(''),
  concat_ws: (separator, ...values) =>
    values
      .filter((value) => value !== null)
      .map(text)
      .join(text(separator ?? '')),
}

/** Makes SQL Server's functions known to a connection. `now` is asked once a statement would be too often: a script's clock stands still. */
export function defineFunctions(database: DatabaseSync, now: () => number): void {
  for (const [name, work] of Object.entries(functions))
    define(database, name, (...values) =>
      values.some((value) => value === null) && !name.startsWith('tsql_') ? null : work(...values),
    )
  for (const [name, work] of Object.entries(withNulls)) define(database, name, work)
  const clock = (): string => instantText({ ms: now(), ticks: 0 })
  for (const name of ['getdate', 'getutcdate', 'sysdatetime', 'sysutcdatetime', 'sysdatetimeoffset'])
    database.function(name, clock)
  database.function('newid', () => randomUUID().toUpperCase())
}

function define(database: DatabaseSync, name: string, work: (...values: Arguments) => SQLInputValue): void {
  database.function(name, { varargs: true, deterministic: true, useBigIntArguments: true }, work)
}

function text(value: SQLOutputValue | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value)
}

function instant(value: SQLOutputValue | undefined): Instant {
  const found = typeof value === 'string' ? readInstant(value) : null
  if (found === null) throw new DataError(`${JSON.stringify(text(value)).slice(0, 100)} is no date or time`)
  return found
}

/** A date stays a date, a time a time. */
function shaped(given: SQLOutputValue | undefined, value: Instant): string {
  const printed = instantText(value)
  return typeof given === 'string' && given.length === 10 && printed.endsWith('T00:00:00')
    ? printed.slice(0, 10)
    : printed
}

function dateName(part: string, of: Instant): string {
  const style = /^(month|mm|m)$/i.test(part)
    ? ({ month: 'long' } as const)
    : /^(weekday|dw|w)$/i.test(part)
      ? ({ weekday: 'long' } as const)
      : null
  if (style === null) return String(datePart(part, of))
  return new Intl.DateTimeFormat('en-US', { ...style, timeZone: 'UTC' }).format(of.ms)
}

function firstOfMonth(of: Instant): number {
  const time = new Date(of.ms)
  return Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), 1)
}

const hashes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA: 'sha1',
  SHA1: 'sha1',
  SHA2_256: 'sha256',
  SHA2_512: 'sha512',
}

function hash(algorithm: string, value: SQLOutputValue): Uint8Array {
  const name = hashes[algorithm.toUpperCase()]
  if (name === undefined)
    throw new DataError(`HASHBYTES knows ${Object.keys(hashes).join(', ')}; not ${algorithm}`)
  return createHash(name)
    .update(value instanceof Uint8Array ? value : text(value))
    .digest()
}
