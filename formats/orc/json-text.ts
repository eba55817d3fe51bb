import type { Decoded } from './reader.ts'
import type { OrcType } from './types.ts'

/**
 * JSON of a value of a nested type: structs and maps are objects (a map's keys as text), numbers have all their digits, bytes are base64, times
 * text. What JSON's numbers have not (NaN, Infinity) is text too.
 */
export function jsonText(type: OrcType, value: Decoded): string {
  if (value === null) return 'null'
  const [first, second] = type.children
  if (Array.isArray(value)) {
    const items: readonly Decoded[] = value
    if (type.kind === 'struct') {
      const fields = type.children.map(
        (child, index) =>
          `${JSON.stringify(type.names[index] ?? '')}:${jsonText(child, items[index] ?? null)}`,
      )
      return `{${fields.join(',')}}`
    }
    if (type.kind === 'map' && first !== undefined && second !== undefined) {
      const entries = items.map((entry) => {
        const [key, inner] = Array.isArray(entry) ? (entry as readonly Decoded[]) : []
        return `${keyText(first, key ?? null)}:${jsonText(second, inner ?? null)}`
      })
      return `{${entries.join(',')}}`
    }
    if (type.kind === 'union') {
      const child = type.children[Number(items[0])]
      return child === undefined ? 'null' : jsonText(child, items[1] ?? null)
    }
    return first === undefined ? '[]' : `[${items.map((item) => jsonText(first, item)).join(',')}]`
  }
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (typeof value === 'bigint' || type.kind === 'decimal') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value))
  return JSON.stringify(value)
}

function keyText(type: OrcType, key: Decoded): string {
  const text = jsonText(type, key)
  return text.startsWith('"') ? text : JSON.stringify(text)
}
