import { describe, expect, it } from 'vitest'
import { readTmdHeader } from '../../formats/tmd/tmd-header.ts'
import { measureTmd } from '../../formats/tmd/tmd-statistics.ts'

function header(columns: number, rows: number, comment = '', lengths = [2, 1, 0, 0]): Buffer {
  const numbers = Buffer.alloc(24)
  numbers.writeUInt32LE(columns, 0)
  numbers.writeUInt32LE(rows, 4)
  lengths.forEach((length, index) => numbers.writeFloatLE(length, 8 + 4 * index))
  return Buffer.concat([Buffer.from(`Binary TrueMap Data File v2.0\r\n\0${comment}\0`, 'latin1'), numbers])
}

function floats(values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeFloatLE(value, index * 4))
  return bytes
}

/** In pieces of `step` bytes, so that a height is cut in two. */
function pieces(bytes: Buffer, step: number) {
  return async function* () {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
  }
}

describe('header', () => {
  it('tells size, lengths and what the file must have', () => {
    expect(readTmdHeader(header(616, 514, 'made by a test'))).toEqual({
      comment: 'made by a test',
      columns: 616,
      rows: 514,
      lengthX: 2,
      lengthY: 1,
      offsetX: 0,
      offsetY: 0,
      dataStart: 32 + 15 + 24,
      fileBytes: 32 + 15 + 24 + 616 * 514 * 4,
    })
  })

  it('stands hostile counts without reserving memory for them', () => {
    expect(readTmdHeader(header(0xffffffff, 0xffffffff)).fileBytes).toBeGreaterThan(7e19)
  })

  it.each([
    ['short', Buffer.from('Binary'), 'TMD ends after 6 bytes, within its header'],
    [
      'of another version',
      Buffer.from('Binary TrueMap Data File v1.0\r\n\0'),
      'is no TMD of version 2.0: it starts with "Binary TrueMap Data File v1.0\\r\\n\\u0000"',
    ],
    [
      'without an end of its comment',
      Buffer.concat([Buffer.from('Binary TrueMap Data File v2.0\r\n\0'), Buffer.alloc(9000, 'x')]),
      'TMD comment does not end within 4096 bytes',
    ],
    ['cut within its numbers', header(1, 1).subarray(0, 40), 'TMD ends after 40 bytes, within its header'],
    ['without columns', header(0, 5), 'TMD claims 0 x 5 heights; both must be above 0'],
    [
      'of infinite length',
      header(1, 1, '', [Infinity, 1, 0, 0]),
      'TMD claims lengths and offsets Infinity, 1, 0, 0; all must be finite',
    ],
  ])('refuses one that is %s', (_title, bytes, message) => {
    expect(() => readTmdHeader(bytes)).toThrow(message)
  })
})

describe('statistics', () => {
  it.each([1, 3, 4, 7, 1024])('leave out what is not finite, in pieces of %d bytes', async (step) => {
    const bytes = floats([1, NaN, 2, 3, Infinity, 6])
    expect(await measureTmd(async () => pieces(bytes, step)())).toEqual({
      min: 1,
      max: 6,
      mean: 3,
      sa: 1.5,
      sq: Math.sqrt(14 / 4),
      noDataShare: 2 / 6,
      count: 6,
    })
  })

  it.each([
    ['no heights', [], null],
    ['only NaN', [NaN, NaN], 1],
  ])('are null for %s', async (_title, values, share) => {
    const found = await measureTmd(async () => pieces(floats(values), 4)())
    expect(found).toMatchObject({ min: null, max: null, mean: null, sa: null, sq: null, noDataShare: share })
  })
})
