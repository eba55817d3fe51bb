import { doneOtherwise, notDone, withoutEffect } from '../check/unused-properties.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { isObject } from '../resource/fields.ts'

/** The part of a JSON Schema that a dotted path leads to, through lists and alternatives; undefined where it has no such property. */
export function schemaAt(schema: JsonObject, path: string): JsonObject | undefined {
  let at: readonly JsonObject[] = [schema]
  for (const part of path.split('.')) {
    const next: JsonObject[] = []
    for (const one of at.flatMap(alternatives)) {
      const properties = isObject(one['properties']) ? one['properties'] : {}
      const key = Object.keys(properties).find((name) => name.toLowerCase() === part.toLowerCase())
      const found: JsonValue | undefined = key === undefined ? undefined : properties[key]
      if (isObject(found)) next.push(found)
    }
    if (next.length === 0) return undefined
    at = next
  }
  return at[0]
}

/** How a property differs by its own description: read and without effect, asked for and not done, or done otherwise. */
export function describedDifference(schema: JsonObject): string {
  const description = schema['description']
  if (typeof description !== 'string') return ''
  if (description.startsWith(`${doneOtherwise}: `)) return description.slice(doneOtherwise.length + 2)
  return [withoutEffect, notDone].some((one) => description.startsWith(one))
    ? `${description.charAt(0).toLowerCase()}${description.slice(1)}`
    : ''
}

function alternatives(schema: JsonObject): JsonObject[] {
  const any = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => {
    const list = schema[key]
    return Array.isArray(list) ? list.filter(isObject).flatMap(alternatives) : []
  })
  const { items } = schema
  return [schema, ...any, ...(isObject(items) ? alternatives(items) : [])]
}
