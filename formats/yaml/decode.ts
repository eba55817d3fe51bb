/** Text of a file, and what had to be guessed to get it. */
export interface DecodedText {
  readonly text: string
  readonly warnings: readonly string[]
}

/** UTF-8 or, by its mark, UTF-16; else Windows-1252, which hand-edited files on scanning PCs are in. The byte order mark is dropped. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return { text: decode('utf-16le', bytes), warnings: [] }
  if (first === 0xfe && second === 0xff) return { text: decode('utf-16be', bytes), warnings: [] }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), warnings: [] }
  } catch {
    return { text: decode('windows-1252', bytes), warnings: ['is not UTF-8; read as Windows-1252'] }
  }
}

function decode(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes)
}
