import { Problem } from '../expression-error.ts'
import { formatFloat } from '../float-text.ts'
import { stringValue, type XmlNode } from './tree.ts'

/** A result of XPath 1.0. Node sets are in document order. */
export type XPathValue = string | number | boolean | readonly XmlNode[]

export interface XPathContext {
  readonly node: XmlNode
  /** From 1. */
  readonly position: number
  readonly size: number
}

export function toNumber(value: XPathValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  const text = toText(value).trim()
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN
}

export function toText(value: XPathValue): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return formatFloat(value === 0 ? 0 : value)
  if (typeof value === 'boolean') return String(value)
  const [first] = value
  return first === undefined ? '' : stringValue(first)
}

export function toBoolean(value: XPathValue): boolean {
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value)
  return typeof value === 'boolean' ? value : value.length > 0
}

export function toNodes(value: XPathValue): readonly XmlNode[] {
  if (typeof value !== 'object')
    throw new Problem(`the XPath needs a set of nodes where it has the ${typeof value} ${value}`)
  return value
}
