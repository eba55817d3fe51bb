import type { RowValue } from '../rows/row-stream.ts'
import type { ColumnStreams } from './stripe.ts'
import type { OrcType } from './types.ts'

/** A value of a column; arrays are lists, structs (in the order of their fields), maps (of pairs) and unions (tag and value). */
export type Decoded = RowValue | readonly Decoded[]

/** Gives the next values of a column. */
export type ReadValues = (rows: number) => Decoded[]

/** A column of a stripe, as what reads its values needs it. */
export interface ColumnParts {
  readonly column: ColumnStreams
  readonly type: OrcType
  /** Zone in which timestamps without zone were written. */
  readonly zone: string
  /** Readers of the types within it. */
  readonly inner: readonly ReadValues[]
}

/** Makes what reads the values of those rows that have one. */
export type MakeReader = (parts: ColumnParts) => ReadValues
