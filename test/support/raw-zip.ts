import { crc32, deflateRawSync } from 'node:zlib'

/** One entry as it is to be written: whatever is not given is honest. */
export interface RawEntry {
  readonly name: string | Buffer
  readonly content?: string | Buffer
  /** Deflated by default. */
  readonly method?: number
  /** Bit 0: encrypted; bit 11: the name is UTF-8. */
  readonly flags?: number
  /** What the headers claim. */
  readonly size?: number
  readonly crc?: number
  /** Unix mode, e.g. 0o120777 for a symbolic link. */
  readonly mode?: number
  /** No bytes of its own: its header is the one of the entry of this index. */
  readonly sharesWith?: number
}

/** Writes ZIPs that no honest library would. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  const offsets: number[] = []
  let at = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name as string)
    const content = Buffer.from((entry.content ?? '') as string)
    const method = entry.method ?? 8
    const packed = method === 8 ? deflateRawSync(content) : content
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(entry.flags ?? 0x800, 2)
    common.writeUInt16LE(method, 4)
    // 2026-01-01, 00:00
    common.writeUInt16LE(0, 6)
    common.writeUInt16LE((46 << 9) | (1 << 5) | 1, 8)
    common.writeUInt32LE(entry.crc ?? crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(entry.size ?? content.length, 18)
    common.writeUInt16LE(name.length, 22)
    if (entry.sharesWith === undefined) {
      offsets.push(at)
      const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed])
      parts.push(local)
      at += local.length
    } else offsets.push(offsets[entry.sharesWith] ?? 0)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(((entry.mode ?? 0o100644) * 2 ** 16) >>> 0, 6)
    rest.writeUInt32LE(offsets.at(-1) ?? 0, 10)
    // Made on Unix.
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, name)
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06', 'latin1'), end])
}

/** Honest entries of files by path. */
export function rawEntries(files: Readonly<Record<string, string | Buffer>>): RawEntry[] {
  return Object.entries(files).map(([name, content]) => ({ name, content }))
}
