import { DataError } from '../data-error.ts'
import type { RowColumn, RowType } from '../rows/row-stream.ts'
import type { Message } from './protobuf.ts'

/** Kinds of types in the order of the specification's numbers. */
const kinds = [
  'boolean',
  'byte',
  'short',
  'int',
  'long',
  'float',
  'double',
  'string',
  'binary',
  'timestamp',
  'list',
  'map',
  'struct',
  'union',
  'decimal',
  'date',
  'varchar',
  'char',
  'timestamp_instant',
] as const

export type OrcKind = (typeof kinds)[number]

/** A type with those within it; `id` is the number of its column in the stripes. */
export interface OrcType {
  readonly id: number
  readonly kind: OrcKind
  readonly children: readonly OrcType[]
  /** Names of a struct's children. */
  readonly names: readonly string[]
  /** Digits after the point; null: each value has its own. */
  readonly scale: number | null
}

const mostTypes = 10_000
const deepest = 64

/** The types of a footer as a tree. */
export function typeTree(described: readonly Message[]): OrcType {
  if (described.length > mostTypes)
    throw new DataError(`it has ${described.length} columns, nested ones counted; read are ${mostTypes}`)
  const at = (id: number, depth: number): OrcType => {
    const one = described[id]
    const kind = one === undefined ? undefined : kinds[one.number(1)]
    if (one === undefined || kind === undefined)
      throw new DataError(
        `its type ${id} is ${one === undefined ? 'missing' : `of kind ${one.number(1)}`}; read are ${kinds.join(', ')}`,
      )
    if (depth > deepest) throw new DataError(`its types are nested more than ${deepest} deep`)
    const inner = one.numbers(2)
    // Types stand in pre-order, so a list of them cannot lead back.
    const wrong = inner.find((child, index) => child <= (inner[index - 1] ?? id))
    if (wrong !== undefined) throw new DataError(`its type ${id} leads back to type ${wrong}`)
    const names = one.texts(3)
    if (
      (kind === 'struct' && names.length !== inner.length) ||
      inner.length !== (widths[kind] ?? inner.length)
    )
      throw new DataError(`its type ${id}, a ${kind}, has ${inner.length} types and ${names.length} names`)
    return {
      id,
      kind,
      names,
      children: inner.map((child) => at(child, depth + 1)),
      // Hive before 0.12 wrote decimals without a precision.
      scale: one.number(5) === 0 ? null : one.number(6),
    }
  }
  const root = at(0, 0)
  if (root.kind !== 'struct' || root.children.length === 0)
    throw new DataError(`it holds no columns: its rows are of type ${root.kind}`)
  const twice = root.names.find((name, index) => root.names.indexOf(name) !== index)
  if (twice !== undefined) throw new DataError(`it has two columns of the name ${JSON.stringify(twice)}`)
  return root
}

const widths: Readonly<Partial<Record<OrcKind, number>>> = { list: 1, map: 2 }

const rowTypes: Readonly<Record<OrcKind, RowType>> = {
  boolean: 'boolean',
  byte: 'int',
  short: 'int',
  int: 'int',
  long: 'bigint',
  float: 'double',
  double: 'double',
  string: 'string',
  binary: 'bytes',
  timestamp: 'timestamp',
  list: 'json',
  map: 'json',
  struct: 'json',
  union: 'json',
  decimal: 'decimal',
  date: 'date',
  varchar: 'string',
  char: 'string',
  timestamp_instant: 'timestamp',
}

/** The columns of the rows, in order. */
export function columnsOf(root: OrcType): RowColumn[] {
  return root.children.map(({ kind, scale }, index) => ({
    name: root.names[index] ?? '',
    type: rowTypes[kind],
    ...(kind === 'decimal' && scale !== null && { scale }),
  }))
}
