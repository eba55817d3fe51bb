import { createHash } from 'node:crypto'
import { mkdir, open, readdir, writeFile, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32, inflateRawSync } from 'node:zlib'
import { openPromise, type Entry } from 'yauzl'

/**
 * The limit of an ingest: unzips, checks the CRC as unzip does, takes the SHA-256 and writes each file, several at once, file by file in
 * memory; nothing else. Answers the bytes written.
 */
export async function bareLoop(inbox: string, target: string, parallelism: number): Promise<number> {
  let bytes = 0
  const hashes: string[] = []
  for (const name of (await readdir(inbox)).sort()) {
    const path = join(inbox, name)
    const zip = await openPromise(path, { autoClose: false })
    await using file = await open(path)
    const folders = new Map<string, Promise<unknown>>()
    const entries: Entry[] = []
    for await (const entry of zip.eachEntry()) entries.push(entry)
    const left = entries.values()
    await Promise.all(
      Array.from({ length: parallelism }, async () => {
        for (const entry of left) {
          const { content, sha256 } = await unzip(file, entry)
          const place = join(target, name, entry.fileName)
          const folder = folders.get(dirname(place)) ?? mkdir(dirname(place), { recursive: true })
          folders.set(dirname(place), folder)
          await folder
          await writeFile(place, content)
          hashes.push(sha256)
          bytes += content.length
        }
      }),
    )
    zip.close()
  }
  await writeFile(join(target, 'hashes'), hashes.join('\n'))
  return bytes
}

async function unzip(file: FileHandle, entry: Entry): Promise<{ content: Buffer; sha256: string }> {
  const header = Buffer.allocUnsafe(30)
  await file.read(header, 0, 30, entry.relativeOffsetOfLocalHeader)
  const start = entry.relativeOffsetOfLocalHeader + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = Buffer.allocUnsafe(entry.compressedSize)
  await file.read(packed, 0, packed.length, start)
  const content = entry.compressionMethod === 8 ? inflateRawSync(packed) : packed
  if (crc32(content) !== entry.crc32) throw new Error(`${entry.fileName} is damaged`)
  return { content, sha256: createHash('sha256').update(content).digest('hex') }
}
