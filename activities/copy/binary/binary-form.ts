import type { Duplex } from 'node:stream'
import { fileDatasetTypes } from '../../../adf/resource/file-formats.ts'
import type { ResolvedDataset } from '../../../adf/run/run.ts'
import { compress, compressedExtension, decompress, isUncompressed } from '../files/compression.ts'
import { parsePart } from '../files/dataset-properties.ts'

/** How whole files of a Binary dataset are compressed. */
export interface WholeCompression {
  readonly codec: string
  /** What names of compressed files end with. */
  readonly extension: string
  unpackedName(name: string): string
  read(): Duplex
  write(): Duplex
}

/** Null: files are taken as they are, whatever is in them. */
export function compressionOf(dataset: ResolvedDataset): WholeCompression | null {
  const given = parsePart(
    fileDatasetTypes.Binary,
    dataset.typeProperties,
    `dataset '${dataset.name}' typeProperties`,
  )
  const codec = given.compressionCodec ?? given.compression?.type ?? null
  if (codec === null || isUncompressed(codec)) return null
  const fast = (given.compressionLevel ?? given.compression?.level) === 'Fastest'
  const extension = compressedExtension(codec)
  return {
    codec,
    extension,
    unpackedName: (name) =>
      name.toLowerCase().endsWith(extension) ? name.slice(0, -extension.length) : name,
    read: () => decompress(codec),
    write: () => compress(codec, fast),
  }
}
