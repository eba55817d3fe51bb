import { encodeBase64 } from './base64.ts'
import { binaryContent, type Value } from './value.ts'

/** The engine's way to carry bytes: `{"$content-type": …, "$content": <base64>}`. `string()` decodes it. */
export function binaryObject(type: string, bytes: Uint8Array): Value {
  return { '$content-type': type, $content: encodeBase64(bytes) }
}

/** Media type of a binary object; null for any other value. */
export function binaryType(value: Value): string | null {
  if (binaryContent(value) === null || typeof value !== 'object' || value === null) return null
  const type: unknown = Reflect.get(value, '$content-type')
  return typeof type === 'string' ? type : null
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function fromUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
