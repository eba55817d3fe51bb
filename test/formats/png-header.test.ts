import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import { readPngHeader } from '../../formats/png/png-header.ts'

function header(width: number, height: number, bitDepth = 8, colorType = 0): Buffer {
  const bytes = Buffer.alloc(33)
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  bytes.writeUInt8(bitDepth, 24)
  bytes.writeUInt8(colorType, 25)
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29)
  return bytes
}

it('reads size, depth and colour', () => {
  expect(readPngHeader(header(2472, 2064, 16, 2))).toEqual({
    width: 2472,
    height: 2064,
    bitDepth: 16,
    colorType: 2,
  })
})

const damaged = header(10, 10)
damaged.writeUInt32BE(11, 16)

it.each([
  ['empty', Buffer.alloc(0), 'PNG ends after 0 bytes, within its header'],
  ['truncated', header(1, 1).subarray(0, 20), 'PNG ends after 20 bytes, within its header'],
  [
    'a JPEG',
    Buffer.concat([Buffer.from('ffd8ffe000104a46', 'hex'), Buffer.alloc(40)]),
    'is no PNG: it starts with ffd8ffe000104a46, not 89504e470d0a1a0a',
  ],
  ['damaged', damaged, 'PNG header is damaged: its checksum does not fit'],
  ['without pixels', header(0, 5), 'PNG claims 0 x 5 pixels; both must be from 1 to 2147483647'],
])('refuses one that is %s', (_title, bytes, message) => {
  expect(() => readPngHeader(bytes)).toThrow(message)
})
