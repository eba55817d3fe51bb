import { readPieces } from '../../formats/bytes/pieces.ts'
import type { Lake, OpenObject } from '../../lake/lake.ts'
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
  /** As `read`, but a chunk is valid only until the next one is asked for: its memory is used again. */
  pieces(file: SourceFile): AsyncIterable<Buffer>
  close(): Promise<void>
}

/** An object of the lake as bytes of a ZIP; `open`: where entries are read, not only the directory. */
export function byteSource(lake: Lake, path: string, size: number, open?: OpenObject): ByteSource {
  return {
    size,
    read: (start, end) => lake.read(path, { start, end }),
    ...(open !== undefined && { fill: (target, position) => open.fill(target, position) }),
  }
}

/** Opens a source; throws SourceChanged where it is not what the manifest says. */
export async function openSource(lake: Lake, source: Source): Promise<OpenSource> {
  if (source.kind !== 'zip')
    return reading(
      (file) => readObjectFile(lake, file),
      async () => undefined,
    )
  const found = await lake.stat(source.path)
  if (found === null || found.etag !== source.etag) throw changed(source.path, found === null)
  const object = await openFound(lake, source.path)
  try {
    // FindScans has judged how many entries there may be.
    const zip = await ZipReader.open(byteSource(lake, source.path, found.size, object), source.path, {
      entries: Infinity,
    })
    return reading(
      (file) => readZipFile(zip, file),
      async () => {
        zip.close()
        await object.close()
      },
    )
  } catch (error) {
    await object.close()
    throw error
  }
}

function reading(pieces: OpenSource['pieces'], close: OpenSource['close']): OpenSource {
  return { read: (file) => copied(pieces(file)), pieces, close }
}

async function* copied(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece)
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
  const object = await openFound(lake, path)
  try {
    yield* readPieces((target, position) => object.fill(target, position), 0, found.size)
  } finally {
    await object.close()
  }
}

async function openFound(lake: Lake, path: string): Promise<OpenObject> {
  try {
    return await lake.open(path)
  } catch (error) {
    throw error instanceof LakeNotFound ? changed(path, true) : error
  }
}

function changed(path: string, isGone: boolean): SourceChanged {
  return new SourceChanged(
    `${path} ${isGone ? 'is gone' : 'was changed'} since the batch found it; what lies there now belongs to the next batch`,
  )
}
