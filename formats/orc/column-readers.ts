import { nestedReaders } from './nested-readers.ts'
import type { MakeReader, ReadValues } from './reader.ts'
import { scalarReaders } from './scalar-readers.ts'
import type { StripeStreams } from './stripe.ts'
import type { OrcKind, OrcType } from './types.ts'

const readers: Readonly<Record<OrcKind, MakeReader>> = { ...scalarReaders, ...nestedReaders }

/** A reader of a column of a stripe, with those within it. */
export function columnReader(type: OrcType, stripe: StripeStreams): ReadValues {
  const column = stripe.column(type.id)
  const present = column.present()
  const inner = type.children.map((child) => columnReader(child, stripe))
  const read = readers[type.kind]({ column, type, zone: stripe.zone, inner })
  if (present === null) return read
  return (rows) => {
    const has = Array.from({ length: rows }, () => present.next())
    const values = read(has.filter(Boolean).length)
    let at = 0
    return has.map((one) => (one ? (values[at++] ?? null) : null))
  }
}
