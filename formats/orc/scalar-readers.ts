import { isUtf8 } from 'node:buffer'
import { DataError } from '../data-error.ts'
import type { RowValue } from '../rows/row-stream.ts'
import { BitRuns, ByteRuns } from './byte-runs.ts'
import { decimalText } from './decimal-text.ts'
import { count, signedVarint, type Whole } from './integers.ts'
import type { ColumnParts, MakeReader, ReadValues } from './reader.ts'
import type { ColumnStreams } from './stripe.ts'
import { clockOf, dateText, epochSeconds, nanosOf, timestampText } from './times.ts'

/** Readers of the types that hold no others. */
export const scalarReaders = {
  boolean: ({ column }) => {
    const bits = new BitRuns(column.bytes('DATA'))
    return each(() => bits.next())
  },
  byte: ({ column }) => {
    const bytes = new ByteRuns(column.bytes('DATA'))
    return each(() => (bytes.next() << 24) >> 24)
  },
  short: integers(16),
  int: integers(32),
  long: ({ column }) => {
    const values = column.integers('DATA', true)
    return each(() => values.next())
  },
  float: ({ column }) => {
    const stream = column.bytes('DATA')
    return each(() => stream.bytes(4).readFloatLE())
  },
  double: ({ column }) => {
    const stream = column.bytes('DATA')
    return each(() => stream.bytes(8).readDoubleLE())
  },
  string: strings,
  varchar: strings,
  char: strings,
  binary: ({ column }) => {
    const lengths = column.integers('LENGTH', false)
    const stream = column.bytes('DATA')
    return each(() => stream.bytes(count(lengths.next())))
  },
  decimal: ({ column, type: { scale } }) => {
    const stream = column.bytes('DATA')
    const scales = column.integers('SECONDARY', true)
    // 38 digits have 127 bits.
    return each(() => decimalText(signedVarint(stream, 19), Number(scales.next()), scale))
  },
  date: ({ column }) => {
    const days = column.integers('DATA', true)
    return each(() => dateText(Number(days.next())))
  },
  timestamp: ({ column, zone }) => {
    const clock = clockOf(zone)
    // It begins when the clocks of the writer showed 2015.
    const start = epochSeconds - (clock(epochSeconds) - epochSeconds)
    return timestamps(column, (seconds) => clock(start + seconds), '')
  },
  timestamp_instant: ({ column }) => timestamps(column, (seconds) => epochSeconds + seconds, 'Z'),
} satisfies Record<string, MakeReader>

function each(next: () => RowValue): ReadValues {
  return (rows) => {
    const values: RowValue[] = []
    for (let index = 0; index < rows; index++) values.push(next())
    return values
  }
}

function integers(bits: number): MakeReader {
  const limit = 2 ** (bits - 1)
  return ({ column }) => {
    const values = column.integers('DATA', true)
    return each(() => inside(values.next(), limit, bits))
  }
}

function inside(value: Whole, limit: number, bits: number): number {
  if (typeof value === 'number' && value >= -limit && value < limit) return value
  throw new DataError(`a whole number of ${bits} bits of it is ${value}`)
}

function strings({ column }: ColumnParts): ReadValues {
  const lengths = column.integers('LENGTH', false)
  if (!column.isDictionary) {
    const stream = column.bytes('DATA')
    return each(() => text(stream.bytes(count(lengths.next()))))
  }
  const bytes = column.bytes('DICTIONARY_DATA')
  const indexes = column.integers('DATA', false)
  const words: string[] = []
  for (let index = 0; index < column.dictionarySize; index++)
    words.push(text(bytes.bytes(count(lengths.next()))))
  return each(() => {
    const index = count(indexes.next())
    const word = words[index]
    if (word === undefined)
      throw new DataError(`its dictionary of ${words.length} words has no word ${index}`)
    return word
  })
}

function text(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new DataError('a text of it is no UTF-8')
  return bytes.toString('utf8')
}

function timestamps(column: ColumnStreams, clock: (seconds: number) => number, zone: string): ReadValues {
  const seconds = column.integers('DATA', true)
  const nanos = column.integers('SECONDARY', false)
  return each(() => `${timestampText(clock(Number(seconds.next())), nanosOf(nanos.next()))}${zone}`)
}
