import type { Random } from '../../formats/gelsight/make/random.ts'

/** Largest input that a mutation makes; long enough for anything quadratic to be seen. */
const longest = 400_000

/** Pieces that parsers stumble over. */
const pieces = [
  '\0',
  '\ufeff',
  '\t',
  '\r\n',
  '\n\n',
  '---\n',
  '...\n',
  '# ',
  ': ',
  '- ',
  '? ',
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  ',',
  "'",
  '"',
  '|\n',
  '>-\n',
  '&a ',
  '*a',
  '<<: *a\n',
  '!!binary ',
  '!<x> ',
  '__proto__: ',
  'constructor: ',
  'toString: ',
  'inf',
  '-inf mm',
  '.nan',
  '1e400 mm',
  '1,5 mm',
  '-0',
  '1e-400',
  '0x1f',
  '9007199254740993',
  '-9223372036854775809',
  '4294967295',
  '2025-02-30 00:00:00',
  '9999-12-31 23:59:59-99:59',
  '0000-00-00',
  '"\\ud800"',
  '"\\0"',
  '"; DROP TABLE scans; --',
  '<script>alert(1)</script>',
  '../../../etc/passwd',
  'C:\\nul',
  '@',
  '@{',
  '@@',
  '@concat(',
  'PK\u0001\u0002',
  'PK\u0003\u0004',
  'PK\u0005\u0006',
  'IHDR',
]

/** One to four random changes to an input. `others`: seeds whose parts may be spliced in. */
export function mutate(input: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let bytes = input
  const changes = 1 + random.integer(4)
  for (let i = 0; i < changes; i++) bytes = random.pick(mutations)(bytes, others, random)
  return bytes.subarray(0, longest)
}

type Mutation = (bytes: Buffer, others: readonly Buffer[], random: Random) => Buffer

const mutations: readonly Mutation[] = [
  flipBits,
  truncate,
  cut,
  insertPiece,
  insertPiece,
  repeatPart,
  repeatPiece,
  overwriteNumber,
  changeDigits,
  splice,
  swapLines,
]

function flipBits(bytes: Buffer, _others: readonly Buffer[], random: Random): Buffer {
  if (bytes.length === 0) return bytes
  const copy = Buffer.from(bytes)
  for (let i = 0; i <= random.integer(8); i++) {
    const at = place(copy, random)
    copy.writeUInt8(copy.readUInt8(at) ^ (1 << random.integer(8)), at)
  }
  return copy
}

function truncate(bytes: Buffer, _others: readonly Buffer[], random: Random): Buffer {
  return random.next() < 0.5
    ? bytes.subarray(0, random.integer(bytes.length + 1))
    : bytes.subarray(random.integer(bytes.length + 1))
}

function cut(bytes: Buffer, _others: readonly Buffer[], random: Random): Buffer {
  const from = random.integer(bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + random.integer(64))])
}

function insertPiece(bytes: Buffer, _others: readonly Buffer[], random: Random): Buffer {
  return insert(bytes, Buffer.from(random.pick(pieces)), random)
}

/** A part of the input, many times over: what is slow for its length shows here. */
function repeatPart(bytes: Buffer, _others: readonly Buffer[], random: Random): Buffer {
  const from = random.integer(bytes.length + 1)
  return insert(bytes, repeated(bytes.subarray(from, from + 1 + random.integer(40)), random), random)
}

function repeatPiece(bytes: Buffer, _others: readonly Buffer[], random: Random): Buffer {
  return insert(bytes, repeated(Buffer.from(random.pick(pieces)), random), random)
}

function repeated(part: Buffer, random: Random): Buffer {
  const times = Math.floor(10 ** (5 * random.next() ** 3))
  return Buffer.concat(
    Array.from({ length: Math.min(times, Math.floor(longest / 2 / (part.length || 1))) }, () => part),
  )
}

function overwriteNumber(bytes: Buffer, _others: readonly Buffer[], random: Random): Buffer {
  if (bytes.length < 4) return bytes
  const copy = Buffer.from(bytes)
  const value = random.pick([0, 1, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 0x7f800000, 0x7fc00000])
  const at = Math.min(place(copy, random), copy.length - 4)
  if (random.next() < 0.5) copy.writeUInt32LE(value, at)
  else copy.writeUInt32BE(value, at)
  return copy
}

/** Another number where one stands in the text. */
function changeDigits(bytes: Buffer, _others: readonly Buffer[], random: Random): Buffer {
  const text = bytes.toString('latin1')
  const found = [...text.matchAll(/\d+/g)]
  if (found.length === 0) return bytes
  const match = random.pick(found)
  const digits = random.pick([
    '0',
    '-1',
    '1e309',
    '99999999999999999999',
    '0.1.2',
    '',
    '1'.repeat(1 + random.integer(50_000)),
  ])
  return Buffer.from(
    `${text.slice(0, match.index)}${digits}${text.slice(match.index + match[0].length)}`,
    'latin1',
  )
}

function splice(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const other = random.pick(others)
  const from = random.integer(other.length + 1)
  return insert(bytes, other.subarray(from, from + random.integer(2_000)), random)
}

function swapLines(bytes: Buffer, _others: readonly Buffer[], random: Random): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  const [a, b] = [random.integer(lines.length), random.integer(lines.length)]
  const kept = lines[a] ?? ''
  lines[a] = lines[b] ?? ''
  lines[b] = kept
  return Buffer.from(lines.join('\n'), 'latin1')
}

function insert(bytes: Buffer, part: Buffer, random: Random): Buffer {
  const at = random.integer(bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)])
}

/** Headers lie at both ends: places there are taken more often. */
function place(bytes: Buffer, random: Random): number {
  const where = random.next()
  if (where < 0.3) return random.integer(Math.min(bytes.length, 128))
  if (where < 0.5) return bytes.length - 1 - random.integer(Math.min(bytes.length, 128))
  return random.integer(bytes.length)
}
