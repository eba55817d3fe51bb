import type { FunctionRow } from './function/function-row.ts'
import type { Value } from './value.ts'

/** A parsed expression. Positions are indexes into the whole template text. */
export type Node = LiteralNode | CallNode | SelectNode

export interface LiteralNode {
  readonly kind: 'literal'
  readonly value: Value
  readonly position: number
}

export interface CallNode {
  readonly kind: 'call'
  /** As written. */
  readonly name: string
  /** Null: no such function; an error once it is evaluated, and in validation. */
  readonly row: FunctionRow | null
  readonly args: readonly Node[]
  readonly position: number
}

/** `.name`, `[index]`, `?.name`, `?[index]`. */
export interface SelectNode {
  readonly kind: 'select'
  readonly target: Node
  readonly index: Node
  /** With `?`: a missing property or null target gives null. Guards this one step. */
  readonly safe: boolean
  readonly position: number
}

/** A string of a definition: plain text, one typed expression, or text with `@{…}` in it. */
export type Template =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly root: Node }
  | { readonly kind: 'interpolation'; readonly parts: readonly (string | Node)[] }
