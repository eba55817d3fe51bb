import { DataError } from '../data-error.ts'
import type { RowColumn, RowType, RowValue } from '../rows/row-stream.ts'

/** A field of the top record: a column, and how its decoded value becomes one of a row. */
export interface AvroColumn extends RowColumn {
  readonly valueOf: (decoded: unknown) => RowValue
}

type Schema = string | readonly Schema[] | { readonly [key: string]: unknown }

/** Columns of a file whose schema (JSON of `avro.schema`) is a record. Longs are expected as bigint, nested values become JSON. */
export function avroColumns(schema: unknown): AvroColumn[] {
  if (!isObject(schema) || schema['type'] !== 'record' || !Array.isArray(schema['fields']))
    throw new DataError('The Avro file holds no records: its schema must be a record to give rows')
  const named = new Map<string, Schema>()
  collect(schema, named)
  return schema['fields'].map((field: unknown): AvroColumn => {
    if (!isObject(field) || typeof field['name'] !== 'string')
      throw new DataError(`A field of the Avro schema has no name: ${JSON.stringify(field)}`)
    return { name: field['name'], ...columnOf(field['type'] as Schema, named) }
  })
}

function columnOf(given: Schema, named: ReadonlyMap<string, Schema>): Omit<AvroColumn, 'name'> {
  const schema = resolved(given, named)
  if (Array.isArray(schema)) {
    const others = schema.filter((one: Schema) => one !== 'null')
    const [only] = others
    return others.length === 1 && only !== undefined ? columnOf(only, named) : nested
  }
  const { type, logicalType, scale } = isObject(schema) ? schema : { type: schema }
  if (typeof logicalType === 'string') {
    const logical = logicals[logicalType]
    if (logicalType === 'decimal')
      return {
        type: 'decimal',
        scale: Number(scale ?? 0),
        valueOf: orNull((value) => decimalText(value, Number(scale ?? 0))),
      }
    if (logical !== undefined) return { type: logical.type, valueOf: orNull(logical.valueOf) }
  }
  const primitive = typeof type === 'string' ? primitives[type] : undefined
  return primitive === undefined ? nested : { type: primitive, valueOf: orNull(plain) }
}

const primitives: Readonly<Record<string, RowType>> = {
  null: 'string',
  boolean: 'boolean',
  int: 'int',
  long: 'bigint',
  float: 'double',
  double: 'double',
  bytes: 'bytes',
  fixed: 'bytes',
  string: 'string',
  enum: 'string',
}

const logicals: Readonly<
  Record<string, { readonly type: RowType; readonly valueOf: (value: unknown) => RowValue }>
> = {
  'timestamp-millis': { type: 'timestamp', valueOf: (value) => instant(BigInt(value as bigint) * 1000n) },
  'timestamp-micros': { type: 'timestamp', valueOf: (value) => instant(BigInt(value as bigint)) },
  'local-timestamp-millis': {
    type: 'timestamp',
    valueOf: (value) => instant(BigInt(value as bigint) * 1000n, ''),
  },
  'local-timestamp-micros': { type: 'timestamp', valueOf: (value) => instant(BigInt(value as bigint), '') },
  date: { type: 'date', valueOf: (value) => new Date(Number(value) * 86_400_000).toISOString().slice(0, 10) },
  'time-millis': { type: 'time', valueOf: (value) => timeOfDay(BigInt(value as number) * 1000n) },
  'time-micros': { type: 'time', valueOf: (value) => timeOfDay(BigInt(value as bigint)) },
  uuid: { type: 'string', valueOf: plain },
}

const nested: Omit<AvroColumn, 'name'> = { type: 'json', valueOf: orNull(jsonText) }

function orNull(convert: (value: unknown) => RowValue): (value: unknown) => RowValue {
  return (value) => (value === null || value === undefined ? null : convert(value))
}

function plain(value: unknown): RowValue {
  if (value instanceof Uint8Array) return value
  if (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
  )
    return value
  return jsonText(value)
}

/** JSON with whole numbers in all their digits and bytes as base64. */
function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, inner]) => `${JSON.stringify(key)}:${jsonText(inner)}`)
      .join(',')}}`
  return JSON.stringify(value) ?? 'null'
}

function instant(micros: bigint, zone = 'Z'): string {
  const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n)
  const fraction = (micros - seconds * 1_000_000n).toString().padStart(6, '0')
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}${zone}`
}

function timeOfDay(micros: bigint): string {
  return instant(micros, '').slice(11)
}

/** Two's complement, big end first. */
function decimalText(value: unknown, scale: number): string {
  if (!(value instanceof Uint8Array)) throw new DataError('A decimal of the Avro file is no bytes')
  let unscaled = 0n
  for (const byte of value) unscaled = (unscaled << 8n) | BigInt(byte)
  if (value.length > 0) unscaled = BigInt.asIntN(value.length * 8, unscaled)
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${unscaled < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`
}

function resolved(schema: Schema, named: ReadonlyMap<string, Schema>): Schema {
  if (typeof schema === 'string' && primitives[schema] === undefined) return named.get(schema) ?? schema
  if (isObject(schema) && typeof schema['type'] === 'object' && schema['type'] !== null)
    return resolved(schema['type'] as Schema, named)
  return schema
}

/** Named types may be used again by name, with or without their namespace. */
function collect(schema: unknown, named: Map<string, Schema>, namespace = ''): void {
  if (Array.isArray(schema)) {
    for (const one of schema) collect(one, named, namespace)
    return
  }
  if (!isObject(schema)) return
  const space = typeof schema['namespace'] === 'string' ? schema['namespace'] : namespace
  if (typeof schema['name'] === 'string' && typeof schema['type'] === 'string') {
    named.set(schema['name'], schema)
    if (space !== '') named.set(`${space}.${schema['name']}`, schema)
  }
  for (const key of ['type', 'items', 'values']) collect(schema[key], named, space)
  if (Array.isArray(schema['fields']))
    for (const field of schema['fields']) collect(isObject(field) ? field['type'] : null, named, space)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
