import type { Lake } from '../../lake/lake.ts'
import { LakeNotFound } from '../../lake/lake.ts'
import { ZipReader } from '../../formats/zip/zip-reader.ts'
import type { ByteSource } from '../../formats/zip/byte-source.ts'
import type { Source, SourceFile } from './batch-files.ts'

/** A source is not there any more as it was found: it was changed, replaced or taken away. */
export class SourceChanged extends Error {
  override readonly name = 'SourceChanged'
}

/** Reads files of a source. */
export interface OpenSource {
  read(file: SourceFile): AsyncIterable<Buffer>
  close(): void
}

export function byteSource(lake: Lake, path: string, size: number): ByteSource {
  return { size, read: (start, end) => lake.read(path, { start, end }) }
}

/** Opens a source; throws SourceChanged where it is not what the manifest says. */
export async function openSource(lake: Lake, source: Source): Promise<OpenSource> {
  if (source.kind !== 'zip') return { read: (file) => readObjectFile(lake, file), close: () => undefined }
  const found = await lake.stat(source.path)
  if (found === null || found.etag !== source.etag) throw changed(source.path, found === null)
  // FindScans has judged how many entries there may be.
  const zip = await ZipReader.open(byteSource(lake, source.path, found.size), source.path, {
    entries: Infinity,
  })
  return { read: (file) => readZipFile(zip, file), close: () => zip.close() }
}

async function* readZipFile(zip: ZipReader, file: SourceFile): AsyncGenerator<Buffer> {
  if (file.zip === null) throw new TypeError(`${file.path} has no place in a ZIP`)
  const { path, size, modified, problem } = file
  yield* zip.read({ path, size, modified, problem, isFolder: false, escapes: false, ...file.zip })
}

async function* readObjectFile(lake: Lake, file: SourceFile): AsyncGenerator<Buffer> {
  if (file.object === null) throw new TypeError(`${file.path} has no place in the lake`)
  const { path, etag } = file.object
  const found = await lake.stat(path)
  if (found?.etag !== etag) throw changed(path, found === null)
  try {
    for await (const chunk of await lake.read(path)) yield chunk as Buffer
  } catch (error) {
    throw error instanceof LakeNotFound ? changed(path, true) : error
  }
}

function changed(path: string, isGone: boolean): SourceChanged {
  return new SourceChanged(
    `${path} ${isGone ? 'is gone' : 'was changed'} since the batch found it; what lies there now belongs to the next batch`,
  )
}
