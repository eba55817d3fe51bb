import { crc32, deflateSync } from 'node:zlib'
import type { Random } from './random.ts'
import type { Surface } from './surface.ts'

/** Eight-bit PNG of `width` x `height`; `channels` 1 is grey, 3 is RGB. PNG specification, third edition. */
export function encodePng(width: number, height: number, channels: 1 | 3, pixels: Uint8Array): Buffer {
  const stride = width * channels
  const lines = Buffer.alloc((stride + 1) * height)
  for (let row = 0; row < height; row++) {
    lines.set(pixels.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  header[9] = channels === 1 ? 0 : 2
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = deflateSync(lines, { level: 1 })
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(data.length, 0)
  body.copy(frame, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  return frame
}

/** The surface under one of six lights around it, as the sensor's camera sees it: Lambert shading with sensor noise. */
export function shade(
  surface: Surface,
  width: number,
  height: number,
  light: number,
  random: Random,
): Buffer {
  const angle = (light / 6) * 2 * Math.PI
  const [lx, ly, lz] = [Math.cos(angle) * 0.8, Math.sin(angle) * 0.8, 0.6]
  const { columns, rows } = surface
  // Shaded once a sample of the height map: the picture is finer than the map, and a full picture has five million pixels.
  const brightness = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [nx, ny, nz] = normalAt(surface, column, row)
      brightness[row * columns + column] = 20 + 200 * Math.max(0, nx * lx + ny * ly + nz * lz)
    }
  }
  const pixels = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const line = Math.floor((y / height) * rows) * columns
    for (let x = 0; x < width; x++) {
      const clean = brightness[line + Math.floor((x / width) * columns)] ?? 0
      pixels[y * width + x] = Math.min(255, Math.max(0, Math.round(clean + 3 * (random.next() - 0.5))))
    }
  }
  return encodePng(width, height, 1, pixels)
}

/** Normals as RGB: x, y, z from -1..1 to 0..255. */
export function normalMap(surface: Surface): Buffer {
  const { columns, rows } = surface
  const pixels = new Uint8Array(columns * rows * 3)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const normal = normalAt(surface, column, row)
      normal.forEach((part, i) => (pixels[(row * columns + column) * 3 + i] = Math.round((part + 1) * 127.5)))
    }
  }
  return encodePng(columns, rows, 3, pixels)
}

function normalAt(surface: Surface, atColumn: number, atRow: number): [number, number, number] {
  const { columns, rows, pitch, heights } = surface
  const index = Math.min(rows - 2, atRow) * columns + Math.min(columns - 2, atColumn)
  const here = heights[index] ?? 0
  const dx = ((heights[index + 1] ?? 0) - here) / pitch
  const dy = ((heights[index + columns] ?? 0) - here) / pitch
  const size = Math.hypot(dx, dy, 1)
  return [-dx / size, -dy / size, 1 / size]
}

/** TrueMap height map, version 2.0, little-endian; layout in `docs/internals/bronze.md`. */
export function encodeTmd(surface: Surface): Buffer {
  const { columns, rows, pitch, heights } = surface
  const magic = Buffer.alloc(32)
  magic.write('Binary TrueMap Data File v2.0\r\n\0', 'latin1')
  const comment = Buffer.from('Created by headrace sample\0', 'latin1')
  const header = Buffer.alloc(24)
  header.writeUInt32LE(columns, 0)
  header.writeUInt32LE(rows, 4)
  header.writeFloatLE(columns * pitch, 8)
  header.writeFloatLE(rows * pitch, 12)
  const data = Buffer.alloc(heights.length * 4)
  heights.forEach((value, i) => data.writeFloatLE(value, i * 4))
  return Buffer.concat([magic, comment, header, data])
}
