import { z } from 'zod'
import { isObject, renameKeys, show } from './fields.ts'

/**
 * An object whose properties here are judged and whose others are let through: ADF's connectors have more properties than run here, and
 * real files carry them. What is not in `shape` is not honoured, which `headrace check` tells by the same shape. A null counts as absent, as ADF's editor writes it.
 */
export function openRecord<S extends z.ZodRawShape>(shape: S) {
  const names = Object.keys(shape)
  return z.preprocess(
    (value) => renameKeys(withoutNulls(value), names),
    z.looseObject(shape, {
      error: (issue) =>
        isObject(issue.input) ? undefined : `must be a map of names to values; it is ${show(issue.input)}`,
    }),
  )
}

function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null))
}
