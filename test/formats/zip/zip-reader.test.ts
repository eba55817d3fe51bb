import { Readable } from 'node:stream'
import { deflateRawSync } from 'node:zlib'
import { ZipFile } from 'yazl'
import { describe, expect, it } from 'vitest'
import type { ByteSource } from '../../../formats/zip/byte-source.ts'
import { cleanName } from '../../../formats/zip/entry-name.ts'
import { rawZip } from '../../support/raw-zip.ts'
import { ZipReader, type ZipEntry, type ZipLimits } from '../../../formats/zip/zip-reader.ts'

function source(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: async (start, end) => Readable.from([bytes.subarray(start, end)]),
  }
}

async function zip(files: Record<string, string | Buffer>, mode?: number): Promise<Buffer> {
  const made = new ZipFile()
  for (const [name, content] of Object.entries(files)) {
    made.addBuffer(Buffer.from(content), name, mode === undefined ? {} : { mode })
  }
  made.end()
  const chunks: Buffer[] = []
  for await (const chunk of made.outputStream) chunks.push(Buffer.from(chunk as Buffer))
  return Buffer.concat(chunks)
}

async function entriesOf(bytes: Buffer, limits?: Partial<ZipLimits>): Promise<ZipEntry[]> {
  const reader = await ZipReader.open(source(bytes), 'drop.zip', limits)
  const entries: ZipEntry[] = []
  for await (const entry of reader.entries()) entries.push(entry)
  reader.close()
  return entries
}

/** Content of an entry, by a stream and without one: both give the same bytes or the same error. */
async function contentOf(bytes: Buffer, entry: ZipEntry): Promise<string> {
  const fill: ByteSource['fill'] = async (target, position) => bytes.copy(target, 0, position)
  const [streamed, inPieces] = await Promise.allSettled([
    readAll(source(bytes), entry),
    readAll({ ...source(bytes), fill }, entry),
  ])
  const said = (settled: PromiseSettledResult<string>) =>
    settled.status === 'fulfilled' ? settled.value : `${settled.reason}`
  expect(said(inPieces)).toBe(said(streamed))
  if (inPieces.status === 'rejected') throw inPieces.reason
  return inPieces.value
}

async function readAll(from: ByteSource, entry: ZipEntry): Promise<string> {
  const reader = await ZipReader.open(from, 'drop.zip')
  const chunks: Buffer[] = []
  try {
    for await (const chunk of reader.read(entry)) chunks.push(Buffer.from(chunk))
  } finally {
    reader.close()
  }
  return Buffer.concat(chunks).toString()
}

async function only(bytes: Buffer): Promise<ZipEntry> {
  const [entry] = await entriesOf(bytes)
  if (entry === undefined) throw new Error('the ZIP is empty')
  return entry
}

/** Changes bytes after a pattern, in each place where it stands. */
function patch(bytes: Buffer, pattern: string, offset: number, change: (value: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(pattern, 0, 'latin1'); at >= 0; at = copy.indexOf(pattern, at + 1, 'latin1'))
    change(copy.subarray(at + offset))
  return copy
}

const directory = 'PK\x01\x02'

it('reads stored and deflated entries in any order, by what was noted of them', async () => {
  const bytes = await zip({ 'a/scan.yaml': 'guid: 1', 'a/b.txt': 'x'.repeat(100_000) })
  const [first, second] = await entriesOf(bytes)
  if (first === undefined || second === undefined) throw new Error('two entries were written')
  expect((await contentOf(bytes, second)).length).toBe(100_000)
  expect(await contentOf(bytes, first)).toBe('guid: 1')
  expect(first).toMatchObject({
    path: 'a/scan.yaml',
    problem: null,
    escapes: false,
    isFolder: false,
    size: 7,
  })
})

describe('names', () => {
  it.each([
    ['backslashes of Windows', 'Gel\\Offset\\scan.yaml', 'Gel/Offset/scan.yaml'],
    ['empty and . segments', './a//b/./c', 'a/b/c'],
    ['letters that are composed of two', 'u\u0308.png', '\u00fc.png'],
  ])('%s are made plain', (_title, written, path) => {
    expect(cleanName(written)).toMatchObject({ path, problem: null })
  })

  it.each([
    ['../evil', 'leads out of the archive by ".."', true],
    ['a/../../evil', 'leads out of the archive by ".."', true],
    ['..\\evil', 'leads out of the archive by ".."', true],
    ['/etc/passwd', 'has an absolute name', true],
    ['\\\\server\\share', 'has an absolute name', true],
    ['C:\\evil', 'names a drive', true],
    ['c:evil', 'names a drive', true],
    ['a\nb', 'has a control character in its name', false],
    ['./', 'has an empty name', false],
    ['x/'.repeat(501) + 'x', 'has a name of 1003 characters; 1000 are allowed', false],
    ['x/'.repeat(32) + 'x', 'lies 32 folders deep; 31 are allowed', false],
    ['images/NUL.png', 'is named after a device of Windows (NUL.png), where no file can be', false],
    ['com1', 'is named after a device of Windows (com1), where no file can be', false],
    ['ä'.repeat(101), 'has a part of 202 bytes in its name; 200 are allowed', false],
  ])('%j is refused', (written, problem, escapes) => {
    expect(cleanName(written)).toMatchObject({ problem, escapes })
  })

  it('of hostile entries do not stop the reading of the others', async () => {
    const bytes = patch(await zip({ 'xx/evil': 'x', good: 'y' }), 'xx/evil', 0, (name) =>
      name.write('../evil'),
    )
    expect((await entriesOf(bytes)).map(({ path, problem }) => [path, problem])).toEqual([
      ['../evil', 'leads out of the archive by ".."'],
      ['good', null],
    ])
  })

  it.each([
    ['CP437', [0x81], 'ü'],
    ['UTF-8 without its flag', [0xc3, 0xbc], 'ü'],
  ])('in %s are decoded', async (_title, raw, expected) => {
    const plain = 'q'.repeat(raw.length)
    let bytes = patch(await zip({ [plain]: 'x' }), plain, 0, (name) => Buffer.from(raw).copy(name))
    bytes = patch(bytes, directory, 8, (flags) => flags.writeUInt16LE(flags.readUInt16LE(0) & ~0x800, 0))
    expect((await only(bytes)).path).toBe(expected)
  })
})

it('of a refused name only the beginning is kept', () => {
  expect(cleanName('x'.repeat(65_000)).path).toBe(`${'x'.repeat(300)}…`)
})

describe('entries that cannot be taken', () => {
  it('are symbolic links', async () => {
    expect(await only(await zip({ link: '/etc/passwd' }, 0o120777))).toMatchObject({
      problem: 'is a symbolic link',
    })
  })

  it('are encrypted', async () => {
    const bytes = patch(await zip({ a: 'secret' }), directory, 8, (flags) =>
      flags.writeUInt16LE(flags.readUInt16LE(0) | 1, 0),
    )
    // The library checks the twelve bytes that encryption adds to a stored file; a deflated one shows the flag.
    const entry = await only(bytes)
    expect(entry.problem).toBe('is encrypted')
    await expect(contentOf(bytes, entry)).rejects.toMatchObject({ name: 'DataError' })
  })

  it('are packed in another way', async () => {
    const bytes = patch(await zip({ a: 'x' }), directory, 10, (method) => method.writeUInt16LE(9, 0))
    expect((await only(bytes)).problem).toBe('is packed with method 9; stored (0) and deflated (8) are read')
  })

  it('are too large', async () => {
    const [entry] = await entriesOf(await zip({ a: 'x'.repeat(11) }), { entryBytes: 10 })
    expect(entry?.problem).toBe('unpacks to 11 bytes; at most 10 are allowed')
  })
})

describe('damage', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no archive, whatever its name says')],
  ])('%s is no ZIP', async (_title, bytes) => {
    await expect(entriesOf(bytes)).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringMatching(/^drop\.zip is no readable ZIP: /),
    })
  })

  it('a truncated archive is a DataError', async () => {
    const bytes = await zip({ a: 'x'.repeat(1000), b: 'y' })
    await expect(entriesOf(bytes.subarray(0, bytes.length - 30))).rejects.toMatchObject({ name: 'DataError' })
  })

  it('a directory cut away in front is a DataError', async () => {
    const bytes = await zip({ a: 'x'.repeat(1000) })
    await expect(entriesOf(bytes.subarray(40))).rejects.toMatchObject({ name: 'DataError' })
  })

  it('a changed byte is found by the checksum', async () => {
    const made = new ZipFile()
    made.addBuffer(Buffer.from('heights of a surface'), 'a', { compress: false })
    made.end()
    const chunks: Buffer[] = []
    for await (const chunk of made.outputStream) chunks.push(Buffer.from(chunk as Buffer))
    const bytes = patch(Buffer.concat(chunks), 'heights', 0, (text) => text.write('weights'))
    await expect(contentOf(bytes, await only(bytes))).rejects.toThrow(
      'drop.zip: a is damaged: its checksum does not fit',
    )
  })

  it('damaged deflate data is a DataError', async () => {
    const packed = deflateRawSync('some text that is packed')
    const bytes = await zip({ a: 'some text that is packed' })
    const at = bytes.indexOf(packed)
    const copy = Buffer.from(bytes)
    copy[at] = 0xff
    await expect(contentOf(copy, await only(copy))).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringMatching(/^drop\.zip: a is damaged: /),
    })
  })

  it('an outage of the source is not the fault of the archive', async () => {
    const broken: ByteSource = {
      size: 1000,
      read: async () => Promise.reject(new Error('the share is gone')),
    }
    await expect(ZipReader.open(broken, 'drop.zip')).rejects.toMatchObject({
      name: 'Error',
      message: 'the share is gone',
    })
  })
})

describe('bombs', () => {
  it('are refused by what the directory promises', async () => {
    const bytes = patch(await zip({ a: Buffer.alloc(100_000) }), directory, 24, (size) =>
      size.writeUInt32LE(2 ** 31, 0),
    )
    await expect(entriesOf(bytes)).rejects.toThrow(
      /unpacks to more than \d+ bytes, 250 times its size and 1 GiB: a ZIP bomb/,
    )
  })

  it('are stopped where an entry grows beyond its promise', async () => {
    const bytes = patch(await zip({ a: Buffer.alloc(100_000) }), directory, 24, (size) =>
      size.writeUInt32LE(10, 0),
    )
    await expect(contentOf(bytes, await only(bytes))).rejects.toThrow(
      'drop.zip: a is damaged: it unpacks to more than the 10 bytes of the directory',
    )
  })

  it('are refused where entries share their bytes', async () => {
    const one = { content: Buffer.alloc(1000, 'ab'), method: 0 }
    const bytes = rawZip([
      { name: 'a', ...one },
      ...'bcd'.split('').map((name) => ({ name, ...one, sharesWith: 0 })),
    ])
    await expect(entriesOf(bytes)).rejects.toThrow(
      `drop.zip has ${bytes.length} bytes, its entries claim more: they overlap, as in a ZIP bomb`,
    )
  })

  it('of names are refused by their length', async () => {
    await expect(entriesOf(await zip({ a: '', bb: '' }), { nameBytes: 2 })).rejects.toThrow(
      'drop.zip has names of more than 2 bytes in all, which is what is read',
    )
  })

  it('of entries are refused by their count', async () => {
    await expect(entriesOf(await zip({ a: '', b: '', c: '' }), { entries: 2 })).rejects.toThrow(
      'drop.zip claims 3 entries; at most 2 are read',
    )
  })
})
