import { z } from 'zod'
import { type ColumnType, type TableColumn, columnType } from '../contract.ts'
import { DefinitionError } from '../errors.ts'

/** A Delta schema beside the contract's column types, as far as tables use it. */
const typeNames: Record<ColumnType, string> = {
  string: 'string',
  bigint: 'long',
  int: 'integer',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp',
  date: 'date',
}

const field = z.object({
  name: z.string(),
  type: z.unknown(),
  nullable: z.boolean(),
  metadata: z.record(z.string(), z.unknown()).default({}),
})
const struct = z.object({ type: z.literal('struct'), fields: z.array(field) })
export type DeltaField = z.output<typeof field>

export type ColumnList = readonly Pick<TableColumn, 'name' | 'type' | 'description'>[]

/**
 * All fields are nullable in the log: the contract is what holds null back, and a file that lacks a column added
 * later must stay readable.
 */
export function fieldsOf(columns: ColumnList): DeltaField[] {
  return columns.map((column) => ({
    name: column.name,
    type: typeNames[column.type],
    nullable: true,
    metadata: column.description === undefined ? {} : { comment: column.description },
  }))
}

/** `_observations` of an scd2 table: an array of structs. */
export function arrayOfStruct(name: string, columns: ColumnList): DeltaField {
  const elementType = { type: 'struct', fields: fieldsOf(columns) }
  return { name, type: { type: 'array', elementType, containsNull: true }, nullable: true, metadata: {} }
}

export function formatSchema(fields: readonly DeltaField[]): string {
  return JSON.stringify({ type: 'struct', fields })
}

export function parseSchema(schemaString: string): DeltaField[] {
  return struct.parse(JSON.parse(schemaString)).fields
}

/** Columns that a contract could name; nested and foreign types are left out. */
export function columnsOf(schemaString: string): { name: string; type: ColumnType; nullable: boolean }[] {
  const byDeltaName = new Map(Object.entries(typeNames).map(([type, name]) => [name, columnType.parse(type)]))
  return parseSchema(schemaString).flatMap(({ name, type, nullable }) => {
    const known = typeof type === 'string' ? byDeltaName.get(type) : undefined
    return known === undefined ? [] : [{ name, type: known, nullable }]
  })
}

/**
 * The schema after a write: columns may be added, never retyped. A column that the contract no longer names stays, for the
 * sake of older files. Throws a DefinitionError on a change of type.
 */
export function evolve(
  table: string,
  before: readonly DeltaField[],
  wanted: readonly DeltaField[],
): DeltaField[] {
  const old = new Map(before.map((one) => [one.name, one]))
  for (const one of wanted) {
    const was = old.get(one.name)
    if (was !== undefined && !isDeepEqual(was.type, one.type)) {
      throw new DefinitionError(
        `table/${table}.yaml columns["${one.name}"].type is ${JSON.stringify(one.type)}, but the table holds ${JSON.stringify(was.type)}; name a new column, or rebuild the table under a new name`,
      )
    }
  }
  const names = new Set(wanted.map((one) => one.name))
  return [...wanted, ...before.filter((one) => !names.has(one.name))]
}

/** Types only: names, order and types of nested fields; comments may change without a new schema. */
function isDeepEqual(left: unknown, right: unknown): boolean {
  return JSON.stringify(left, withoutMetadata) === JSON.stringify(right, withoutMetadata)
}

function withoutMetadata(key: string, value: unknown): unknown {
  return key === 'metadata' ? undefined : value
}

/** Whether a new metaData action is due. */
export function isSameSchema(left: readonly DeltaField[], right: readonly DeltaField[]): boolean {
  return isDeepEqual(left, right)
}
