import { getFileNameLowLevel, parseExtraFields, type Entry } from 'yauzl'

/** What a name in a ZIP says, made safe. */
export interface EntryName {
  /** With `/`, without `.` segments, in Unicode's composed form; as written, cut where it is long, where there is a problem. */
  readonly path: string
  readonly isFolder: boolean
  /** Why the entry cannot be taken; null: it can. */
  readonly problem: string | null
  /** The name points out of the archive: no careless tool writes that. */
  readonly escapes: boolean
}

const longest = 1000
const deepest = 32
/** Of a name that is refused, this much is shown. */
const shown = 300
/** File systems take 255 bytes a segment; some room is left for what is put around a name. */
const longestSegment = 200
/** Whatever the folder and the ending: Windows writes such a file to the device. */
const devices = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i
const utf8Flag = 0x800

/**
 * Name of an entry of the central directory. Windows tools write backslashes, and CP437 where the UTF-8 flag is missing; some write
 * UTF-8 without the flag, which is believed where the bytes are valid UTF-8.
 */
export function readEntryName(raw: Buffer, flags: number, extra: Buffer): EntryName {
  return cleanName(decodeName(raw, flags, extra))
}

export function cleanName(written: string): EntryName {
  const name = written.replaceAll('\\', '/').normalize('NFC')
  const isFolder = name.endsWith('/')
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.')
  const refuse = (problem: string, escapes: boolean): EntryName => ({
    path: cut(written),
    isFolder,
    problem,
    escapes,
  })
  if (name.startsWith('/')) return refuse('has an absolute name', true)
  if (/^[a-z]:/i.test(name)) return refuse('names a drive', true)
  if (segments.includes('..')) return refuse('leads out of the archive by ".."', true)
  if (hasControlCharacter(name)) return refuse('has a control character in its name', false)
  if (segments.length === 0) return refuse('has an empty name', false)
  const path = segments.join('/')
  if (path.length > longest)
    return refuse(`has a name of ${path.length} characters; ${longest} are allowed`, false)
  if (segments.length > deepest)
    return refuse(`lies ${segments.length - 1} folders deep; ${deepest - 1} are allowed`, false)
  const device = segments.find((segment) => devices.test(segment))
  if (device !== undefined)
    return refuse(`is named after a device of Windows (${device}), where no file can be`, false)
  const long = segments.find((segment) => Buffer.byteLength(segment) > longestSegment)
  if (long !== undefined)
    return refuse(
      `has a part of ${Buffer.byteLength(long)} bytes in its name; ${longestSegment} are allowed`,
      false,
    )
  return { path, isFolder, problem: null, escapes: false }
}

/** Why the attributes of an entry forbid taking it; null: a plain file or folder. */
export function readAttributes(entry: Entry): string | null {
  const [fromUnix, mode] = [entry.versionMadeBy >> 8 === 3, (entry.externalFileAttributes >>> 16) & 0xf000]
  if (fromUnix && mode === 0xa000) return 'is a symbolic link'
  if (fromUnix && mode !== 0 && mode !== 0x8000 && mode !== 0x4000) return 'is a device or a pipe'
  if (entry.isEncrypted()) return 'is encrypted'
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    return `is packed with method ${entry.compressionMethod}; stored (0) and deflated (8) are read`
  return null
}

/** A copy: a slice would keep the whole name in memory. */
function cut(name: string): string {
  return name.length <= shown ? name : `${Buffer.from(name.slice(0, shown)).toString()}…`
}

function decodeName(raw: Buffer, flags: number, extra: Buffer): string {
  if ((flags & utf8Flag) === 0 && raw.some((byte) => byte > 0x7f)) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(raw)
    } catch {
      // CP437, which the library decodes.
    }
  }
  return getFileNameLowLevel(flags, raw, parseExtraFields(extra), true)
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}
