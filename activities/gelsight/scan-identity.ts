import { createHash } from 'node:crypto'

/** Identity of a scan's content: neither the name of its drop nor the order of its files plays a part. */
export function contentHash(files: readonly { readonly path: string; readonly sha256: string }[]): string {
  const hash = createHash('sha256')
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  for (const { path, sha256 } of sorted) hash.update(`${path}\0${sha256}\n`)
  return hash.digest('hex')
}

/** Namespace of ids of scans that bring none; made once, for this purpose. */
const namespace = Buffer.from('6f1d0a5c9b0e4c7d8a3e2f4b5c6d7e8f', 'hex')

/** Name-based UUID (version 5, RFC 9562) of a content: the same content has the same id everywhere. */
export function idOfContent(contentSha256: string): string {
  const bytes = createHash('sha1').update(namespace).update(contentSha256).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Hash of the parts of a key, for ids of rows. */
export function hashKey(...parts: readonly (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
