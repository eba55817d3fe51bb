import type { JsonObject } from '../json.ts'

/** The text of `{ value: '…', type: 'Expression' }`, ADF's long way to write an expression; null for any other object. */
export function expressionText(value: JsonObject): string | null {
  return value['type'] === 'Expression' &&
    typeof value['value'] === 'string' &&
    Object.keys(value).length === 2
    ? value['value']
    : null
}
