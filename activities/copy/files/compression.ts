import type { Duplex } from 'node:stream'
import { createGunzip, createGzip, createDeflateRaw, createInflateRaw, constants } from 'node:zlib'
import { DefinitionError } from '../../../adf/errors.ts'

/** Compression of whole files, as datasets name it: the types in ADF's own files, whatever their case. */
const codecs: Readonly<
  Record<
    string,
    { readonly read: () => Duplex; readonly write: (fast: boolean) => Duplex; readonly extension: string }
  >
> = {
  gzip: { read: () => createGunzip(), write: (fast) => createGzip({ level: level(fast) }), extension: '.gz' },
  deflate: {
    read: () => createInflateRaw(),
    write: (fast) => createDeflateRaw({ level: level(fast) }),
    extension: '.deflate',
  },
}

function level(fast: boolean): number {
  return fast ? constants.Z_BEST_SPEED : constants.Z_DEFAULT_COMPRESSION
}

export function isUncompressed(codec: string | null): boolean {
  return codec === null || codec === '' || codec.toLowerCase() === 'none'
}

export function decompress(codec: string): Duplex {
  return codecOf(codec).read()
}

export function compress(codec: string, fast: boolean): Duplex {
  return codecOf(codec).write(fast)
}

/** What a compressed file's name ends with. */
export function compressedExtension(codec: string): string {
  return codecOf(codec).extension
}

function codecOf(codec: string) {
  const found = codecs[codec.toLowerCase()]
  if (found === undefined)
    throw new DefinitionError(
      `dataset typeProperties.compressionCodec is ${JSON.stringify(codec)}; it may be ${Object.keys(codecs).join(', ')} or none here`,
    )
  return found
}
