import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import { DataError, DefinitionError } from '../../errors.ts'
import { instantText, readInstant } from './timestamps.ts'
import type { SqlType } from './types.ts'
import { readType } from './types.ts'

/** CAST and CONVERT, as SQL Server converts. Throws a DataError where the value is none of the type's. */
export function convert(value: SQLOutputValue, declared: string, style: number | null): SQLInputValue {
  const type = readType(declared)
  if (type === null) throw new DefinitionError(`${declared} is no type that CAST and CONVERT know here`)
  return value === null ? null : convertTo(value, type, style)
}

function convertTo(value: Exclude<SQLOutputValue, null>, type: SqlType, style: number | null): SQLInputValue {
  switch (type.type) {
    case 'string':
    case 'json':
      return cut(toText(value, type, style), type)
    case 'int':
    case 'bigint':
      return whole(value, type)
    case 'double':
      return toNumber(value, type)
    case 'decimal': {
      const number = toNumber(value, type)
      return type.scale === null ? number : Number(roundTo(number, type.scale))
    }
    case 'boolean':
      if (typeof value === 'string' && /^(true|false)$/i.test(value)) return /^t/i.test(value) ? 1n : 0n
      return toNumber(value, type) === 0 ? 0n : 1n
    case 'timestamp':
      return time(value, type)
    case 'date':
      return time(value, type).slice(0, 10)
    case 'time':
      return timeOfDay(value, type)
    case 'bytes':
      return typeof value === 'string'
        ? new TextEncoder().encode(value)
        : value instanceof Uint8Array
          ? value
          : refuse(value, type)
  }
}

/** Half away from zero, as SQL Server rounds. */
export function roundTo(number: number, digits: number): string {
  const text = Math.abs(number).toFixed(digits)
  const shifted = Number(`${Math.abs(number)}e${digits}`)
  const rounded = Number.isFinite(shifted)
    ? Number(`${Math.round(shifted)}e-${digits}`).toFixed(digits)
    : text
  return number < 0 ? `-${rounded}` : rounded
}

function toText(value: Exclude<SQLOutputValue, null>, type: SqlType, style: number | null): string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (typeof value !== 'string') return String(value)
  if (type.name === 'uniqueidentifier') return value.toUpperCase()
  return style === null ? value : styled(value, style)
}

const styles: Readonly<Record<number, (iso: string) => string>> = {
  23: (iso) => iso.slice(0, 10),
  101: (iso) => `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)}`,
  102: (iso) => iso.slice(0, 10).replaceAll('-', '.'),
  103: (iso) => `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)}`,
  104: (iso) => `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)}`,
  108: (iso) => iso.slice(11, 19),
  111: (iso) => iso.slice(0, 10).replaceAll('-', '/'),
  112: (iso) => iso.slice(0, 10).replaceAll('-', ''),
  120: (iso) => iso.slice(0, 19).replace('T', ' '),
  121: (iso) => `${iso.slice(0, 19).replace('T', ' ')}.${iso.slice(20, 23).padEnd(3, '0')}`,
  126: (iso) => iso,
  127: (iso) => `${iso}Z`,
}

function styled(value: string, style: number): string {
  const instant = readInstant(value)
  // SQL Server ignores a style of values that are no times.
  if (instant === null || style === 0) return value
  const print = styles[style]
  if (print === undefined)
    throw new DefinitionError(
      `style ${style} of CONVERT is not known here; known are: ${Object.keys(styles).join(', ')}`,
    )
  return print(instantText(instant))
}

function cut(text: string, type: SqlType): string {
  if (type.name === 'uniqueidentifier' || type.length === null) return text
  return Array.from(text).slice(0, type.length).join('')
}

function whole(value: Exclude<SQLOutputValue, null>, type: SqlType): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return BigInt(Math.trunc(value))
  if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value))
    return BigInt(value.trim().replace(/^\+/, ''))
  return refuse(value, type)
}

function toNumber(value: Exclude<SQLOutputValue, null>, type: SqlType): number {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value)
  if (typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value))
    return Number(value)
  return refuse(value, type)
}

function time(value: Exclude<SQLOutputValue, null>, type: SqlType): string {
  const instant = typeof value === 'string' ? readInstant(value) : null
  return instant === null ? refuse(value, type) : instantText(instant)
}

function timeOfDay(value: Exclude<SQLOutputValue, null>, type: SqlType): string {
  if (typeof value === 'string' && /^\d\d:\d\d(:\d\d(\.\d{1,7})?)?$/.test(value))
    return value.length === 5 ? `${value}:00` : value
  return time(value, type).slice(11)
}

function refuse(value: SQLOutputValue, type: SqlType): never {
  const shown =
    value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(String(value)).slice(0, 100)
  throw new DataError(`Conversion failed: ${shown} is no ${type.name}`)
}
