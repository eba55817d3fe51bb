import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { RowColumn, RowType, RowValue } from '../../../formats/rows/row-stream.ts'
import { DataError } from '../../errors.ts'
import { convert, roundTo } from '../tsql/convert.ts'
import { instantText, readInstant } from '../tsql/timestamps.ts'
import type { SqlType } from '../tsql/types.ts'
import { readType } from '../tsql/types.ts'

/** A column of a result with what its declaration says. */
export interface ReadColumn extends RowColumn {
  readonly declared: SqlType | null
}

/** A value as it leaves the database. Throws a DataError where it does not fit the column's type: SQLite itself lets any value be anywhere. */
export function readValue(value: SQLOutputValue, { name, type, declared }: ReadColumn): RowValue {
  if (value === null) return null
  switch (type) {
    case 'boolean':
      if (typeof value === 'bigint') return value !== 0n
      break
    case 'int':
      if (typeof value === 'bigint') return Number(value)
      break
    case 'bigint':
      if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
      break
    case 'double':
      if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
      break
    case 'decimal':
      if (typeof value === 'bigint')
        return declared?.scale ? `${value}.${'0'.repeat(declared.scale)}` : value.toString()
      if (typeof value === 'number')
        return declared?.scale == null ? String(value) : roundTo(value, declared.scale)
      break
    case 'timestamp': {
      const instant = typeof value === 'string' ? readInstant(value) : null
      if (instant !== null) return instantText(instant)
      break
    }
    case 'date': {
      const instant = typeof value === 'string' ? readInstant(value) : null
      if (instant !== null) return instantText(instant).slice(0, 10)
      break
    }
    case 'bytes':
      if (value instanceof Uint8Array) return value
      break
    case 'time':
    case 'string':
    case 'json':
      return value instanceof Uint8Array ? refuseRead(name, type, value) : String(value)
  }
  return refuseRead(name, type, value)
}

function refuseRead(name: string, type: string, value: SQLOutputValue): never {
  throw new DataError(
    `column ${name} is ${type}, and one of its values is ${show(value)}; CAST the column in the query`,
  )
}

/** A value as it goes into a column of a table, or as a parameter where there is none. Throws a DataError where the column cannot hold it. */
export function storeValue(
  value: RowValue,
  source: RowType,
  target: SqlType | null,
  column: string,
): SQLInputValue {
  if (value === null) return null
  const given = plain(value, source, column)
  if (target === null) return given
  try {
    const tooLong =
      target.type === 'string' &&
      target.length !== null &&
      typeof given === 'string' &&
      given.length > target.length
    if (tooLong)
      throw new DataError(
        `String or binary data would be truncated: ${show(given)} has ${given.length} characters, ${target.name}(${target.length}) holds fewer`,
      )
    const text = `${target.name}${target.scale === null ? '' : `(${target.length ?? 38},${target.scale})`}`
    return target.type === 'string' || target.type === source
      ? given
      : convert(outputValue(given), text, null)
  } catch (error) {
    throw error instanceof DataError
      ? new DataError(`column ${column}: ${error.message}`, { cause: error })
      : error
  }
}

/** A parameter's value, whose type is only what it looks like. */
export function parameterValue(value: RowValue): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  return value
}

/** A variable's value in its declared type. */
export function typedValue(value: SQLInputValue, declared: string): SQLInputValue {
  return readType(declared) === null ? value : convert(outputValue(value), declared, null)
}

export function outputValue(value: SQLInputValue): SQLOutputValue {
  if (!ArrayBuffer.isView(value)) return value
  return new Uint8Array(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
}

function plain(value: Exclude<RowValue, null>, source: RowType, column: string): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new DataError(`column ${column}: ${value} is no number that SQL knows`)
    return source !== 'double' && Number.isSafeInteger(value) ? BigInt(value) : value
  }
  if (source === 'timestamp' && typeof value === 'string') {
    const instant = readInstant(value)
    return instant === null ? refuseTime(column, value) : instantText(instant)
  }
  if (source === 'decimal' && typeof value === 'string') return decimal(value, column)
  return value
}

/** SQLite's numbers have 64 bits: what they would round is refused. */
function decimal(text: string, column: string): SQLInputValue {
  if (/^[+-]?\d+(\.0*)?$/.test(text)) {
    const whole = BigInt(text.replace(/\..*|^\+/g, ''))
    if (BigInt.asIntN(64, whole) === whole) return whole
  }
  const number = Number(text)
  const digits = (one: string): string =>
    one
      .replace(/^[+-]?0*|[.]|e.*$/gi, '')
      .replace(/^0+/, '')
      .replace(/0+$/, '')
  if (!Number.isFinite(number) || digits(String(number)) !== digits(text.includes('.') ? text : `${text}.`))
    throw new DataError(`column ${column}: ${text} has more digits than SQLite's numbers hold (15)`)
  return number
}

function refuseTime(column: string, value: string): never {
  throw new DataError(`column ${column}: ${show(value)} is no date and time`)
}

function show(value: SQLOutputValue | SQLInputValue): string {
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`
  return JSON.stringify(typeof value === 'string' ? value.slice(0, 100) : String(value))
}
