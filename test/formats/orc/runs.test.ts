import { expect, test } from 'vitest'
import { BitRuns, ByteRuns } from '../../../formats/orc/byte-runs.ts'
import { ByteStream } from '../../../formats/orc/byte-stream.ts'
import { IntegerRunsV1 } from '../../../formats/orc/integer-runs-v1.ts'
import { IntegerRunsV2 } from '../../../formats/orc/integer-runs-v2.ts'
import { clockOf, nanosOf, timestampText } from '../../../formats/orc/times.ts'
import { unpackLz4 } from '../../../formats/orc/lz4.ts'
import { unpackerOf } from '../../../formats/orc/blocks.ts'

/** Every block is one byte, so that each read crosses blocks. */
function stream(hex: string): ByteStream {
  return new ByteStream([...Buffer.from(hex.replaceAll(' ', ''), 'hex')].map((byte) => Buffer.from([byte])))
}

function take<T>(reader: { next(): T }, count: number): T[] {
  return Array.from({ length: count }, () => reader.next())
}

const repeated = <T>(value: T, length: number): T[] => Array.from({ length }, () => value)
const falling = Array.from({ length: 100 }, (_, index) => 100 - index)
const patched = [2030, 2000, 2020, 1_000_000]
for (let value = 2040; value <= 2190; value += 10) patched.push(value)

// The examples of the ORC specification, version 1.
test.each<[title: string, hex: string, version: 1 | 2, expected: number[]]>([
  ['a run of version 1', '61 00 07', 1, repeated(7, 100)],
  ['a falling run of version 1', '61 ff 64', 1, falling],
  ['literals of version 1', 'fb 02 03 04 07 0b', 1, [2, 3, 4, 7, 11]],
  ['short repeat', '0a 27 10', 2, repeated(10_000, 5)],
  ['direct', '5e 03 5c a1 ab 1e de ad be ef', 2, [23_713, 43_806, 57_005, 48_879]],
  [
    'patched base',
    '8e 13 2b 21 07 d0 1e 00 14 70 28 32 3c 46 50 5a 64 6e 78 82 8c 96 a0 aa b4 be fc e8',
    2,
    patched,
  ],
  ['delta', 'c6 09 02 02 22 42 42 46', 2, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]],
])('reads the example of the specification for %s', (_title, hex, version, expected) => {
  const runs = new (version === 1 ? IntegerRunsV1 : IntegerRunsV2)(stream(hex), false)
  expect(take(runs, expected.length)).toEqual(expected)
  expect(() => runs.next()).toThrow('a stream of it ends before its last value')
})

test('reads the examples of the specification for bytes and bits', () => {
  expect(take(new ByteRuns(stream('61 00')), 100)).toEqual(repeated(0, 100))
  expect(take(new ByteRuns(stream('fe 44 45')), 2)).toEqual([0x44, 0x45])
  expect(take(new BitRuns(stream('ff 80')), 8)).toEqual([true, ...repeated(false, 7)])
})

test('unpacks the example of the specification for ZLIB, and blocks that are not packed', () => {
  const unpack = unpackerOf(1, 262_144)
  expect(Buffer.concat([...unpack(Buffer.from('0b0000' + '68656c6c6f', 'hex'))]).toString()).toBe('hello')
  expect(() => unpackerOf(3, 262_144)).toThrow('its compression is LZO; ORC is read with NONE, ZLIB,')
  expect(() => [...unpack(Buffer.from('400d03', 'hex'))]).toThrow('a compression block of it is cut')
})

test.each<[title: string, zone: string, instant: string, clock: string]>([
  ['UTC', 'UTC', '2015-01-01T00:00:00', '2015-01-01T00:00:00.000000'],
  ['winter west of Greenwich', 'America/Los_Angeles', '2015-01-01T08:00:00', '2015-01-01T00:00:00.000000'],
  ['summer west of Greenwich', 'America/Los_Angeles', '2026-07-01T07:00:00', '2026-07-01T00:00:00.000000'],
  ['east of Greenwich', 'Asia/Kolkata', '2026-07-01T00:00:00', '2026-07-01T05:30:00.000000'],
])('shows timestamps as the clock of the writer did: %s', (_title, zone, instant, clock) => {
  expect(timestampText(clockOf(zone)(Date.parse(`${instant}Z`) / 1000), 0)).toBe(clock)
})

test('refuses zones that there are not, fractions beyond a second and years beyond 9999', () => {
  expect(() => clockOf('Mars/Olympus')).toThrow('in the zone "Mars/Olympus", which is none')
  expect(nanosOf(0x0a)).toBe(1000)
  expect(() => nanosOf(8_000_000_000 * 8)).toThrow('has 8000000000 nanoseconds')
  expect(() => timestampText(1e12, 0)).toThrow('in no year from 1 to 9999')
})

test.each<[title: string, hex: string]>([
  ['a copy from before the start', '14 61 05 00 00'],
  ['literals that are not there', 'f0 ff'],
  ['more than a block holds', '1f 61 01 00 ff ff 00'],
])('refuses LZ4 data with %s', (_title, hex) => {
  expect(() => unpackLz4(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 64)).toThrow('no LZ4 data')
})
