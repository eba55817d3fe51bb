import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { readOrc } from '../../../formats/orc/read-orc.ts'
import type { RowValue } from '../../../formats/rows/row-stream.ts'
import { losAngelesOrcFile } from './small-file.ts'
import { pythonMissing, pythonTitle, writeWithPython } from './python-orc.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-orc-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function rowsOf(file: string): Promise<RowValue[][]> {
  const { batches } = await readOrc(file)
  const rows: RowValue[][] = []
  for await (const batch of batches) for (const row of batch) rows.push([...row])
  return rows
}

/** Values of the first column. */
async function valuesOf(file: string): Promise<unknown[]> {
  return (await rowsOf(file)).map(([value]) => value)
}

/** Rows of one column that Python writes. */
async function written(column: string, options = ''): Promise<unknown[]> {
  const file = join(folder, 'column.orc')
  writeWithPython(
    file,
    `import datetime, decimal\norc.write_table(pa.table({'x': ${column}}), FILE${options === '' ? '' : `, ${options}`})`,
  )
  return valuesOf(file)
}

describe.skipIf(pythonMissing !== null)(pythonTitle, () => {
  it.each<[title: string, column: string, expected: unknown[]]>([
    ['booleans', 'pa.array([True, False, None, True])', [true, false, null, true]],
    ['bytes', 'pa.array([-128, -1, 0, None, 127], pa.int8())', [-128, -1, 0, null, 127]],
    ['shorts', 'pa.array([-32768, 32767, None], pa.int16())', [-32_768, 32_767, null]],
    ['ints', 'pa.array([-2147483648, None, 2147483647], pa.int32())', [-2_147_483_648, null, 2_147_483_647]],
    [
      'longs with every digit',
      'pa.array([-2**63, 2**63 - 1, 2**53 + 1, None, 5], pa.int64())',
      [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n, null, 5],
    ],
    ['floats', 'pa.array([1.5, None, -0.25], pa.float32())', [1.5, null, -0.25]],
    ['doubles', "pa.array([0.1, None, -1e300, float('inf')])", [0.1, null, -1e300, Infinity]],
    ['text', "pa.array(['a', '', None, 'Zürich 😀'])", ['a', '', null, 'Zürich 😀']],
    ['binary', "pa.array([b'\\x00\\xff', None, b''])", [Buffer.from([0, 255]), null, Buffer.alloc(0)]],
    [
      'dates',
      'pa.array([datetime.date(2026, 11, 21), None, datetime.date(1969, 12, 31), datetime.date(1, 1, 1)])',
      ['2026-11-21', null, '1969-12-31', '0001-01-01'],
    ],
    [
      'timestamps before and after 1970, to the nanosecond',
      "pa.array([0, 1, -1, -1500000000, 1795253400123456789, None, -999000], pa.timestamp('ns'))",
      [
        '1970-01-01T00:00:00.000000',
        '1970-01-01T00:00:00.000000001',
        '1969-12-31T23:59:59.999999999',
        '1969-12-31T23:59:58.500000',
        '2026-11-21T09:30:00.123456789',
        null,
        '1969-12-31T23:59:59.999001',
      ],
    ],
    [
      'timestamps with zone as instants',
      "pa.array([1795253400123456, None], pa.timestamp('us', 'Europe/Berlin'))",
      ['2026-11-21T09:30:00.123456Z', null],
    ],
    [
      'decimals with every digit',
      "pa.array([decimal.Decimal(v) if v else None for v in ['-1.23', '0.05', None, '12345678901234567890123456789012345.67']], pa.decimal128(38, 2))",
      ['-1.23', '0.05', null, '12345678901234567890123456789012345.67'],
    ],
    ['lists', 'pa.array([[1, None, 2], [], None, [3]])', ['[1,null,2]', '[]', null, '[3]']],
    [
      'structs with whatever they hold',
      "pa.array([{'a': 2**60, 'b': ['x\"']}, None, {'a': None, 'b': []}])",
      ['{"a":1152921504606846976,"b":["x\\""]}', null, '{"a":null,"b":[]}'],
    ],
    [
      'maps',
      "pa.array([[('k', 1.5), ('l', None)], None, []], pa.map_(pa.string(), pa.float64()))",
      ['{"k":1.5,"l":null}', null, '{}'],
    ],
    [
      'maps whose keys are numbers',
      'pa.array([[(7, True)]], pa.map_(pa.int32(), pa.bool_()))',
      ['{"7":true}'],
    ],
    ['columns of nulls only', 'pa.array([None, None], pa.int64())', [null, null]],
    ['no row', 'pa.array([], pa.int64())', []],
  ])('give %s', async (_title, column, expected) => {
    expect(await written(column)).toEqual(expected)
  })

  it.each(['uncompressed', 'zlib', 'snappy', 'zstd', 'lz4'])(
    'are read where packed with %s',
    async (codec) => {
      const column = "pa.array([f'row {i % 977} of many' for i in range(200000)])"
      const found = await written(column, `compression='${codec}', compression_block_size=65536`)
      expect(found).toEqual(Array.from({ length: 200_000 }, (_, index) => `row ${index % 977} of many`))
    },
  )

  it.each<[title: string, python: string, value: (index: number) => number | bigint | null]>([
    ['equal', '7', () => 7],
    ['rising', 'i', (i) => i],
    ['falling', '-3 * i', (i) => -3 * i || 0],
    ['rising unevenly', 'i * i', (i) => i * i],
    ['falling unevenly', '1000 - i * i', (i) => 1000 - i * i],
    [
      'small with a few outliers',
      '(i * 7919) % 100 + (10**12 if i % 97 == 0 else 0)',
      (i) => ((i * 7919) % 100) + (i % 97 === 0 ? 10 ** 12 : 0),
    ],
    [
      'negative with a few outliers',
      '(i * 7919) % 100 - 500 + (10**12 if i % 97 == 0 else 0)',
      (i) => ((i * 7919) % 100) - 500 + (i % 97 === 0 ? 10 ** 12 : 0),
    ],
    [
      'scattered',
      '(i * 2654435761) % 2**32 - 2**31',
      (i) => Number((BigInt(i) * 2_654_435_761n) % 2n ** 32n) - 2 ** 31,
    ],
    [
      'scattered over 64 bits',
      '(i * 11400714819323198485) % 2**64 - 2**63',
      (i) => small(((BigInt(i) * 11_400_714_819_323_198_485n) % 2n ** 64n) - 2n ** 63n),
    ],
    ['rising by steps beyond 2^53', 'i * 2**48 - 2**62', (i) => small(BigInt(i) * 2n ** 48n - 2n ** 62n)],
    ['now and then null', 'None if i % 3 == 0 else i', (i) => (i % 3 === 0 ? null : i)],
    ['null for long', 'i if i > 5000 else None', (i) => (i > 5000 ? i : null)],
  ])('give runs of numbers that are %s', async (_title, python, value) => {
    const found = await written(`pa.array([${python} for i in range(10000)], pa.int64())`)
    expect(found).toEqual(Array.from({ length: 10_000 }, (_, index) => value(index)))
  })

  it.each(['0.11', '0.12'])(
    'give the same numbers, words and decimals in file version %s',
    async (version) => {
      const file = join(folder, 'version.orc')
      writeWithPython(
        file,
        `import decimal
n = 5000
orc.write_table(pa.table({
  'x': pa.array([(i * 7919) % 1000 - 500 for i in range(n)], pa.int64()),
  'word': pa.array([f'w{i % 10}' for i in range(n)]),
  'free': pa.array([f'free {i}' for i in range(n)]),
  'price': pa.array([decimal.Decimal(i - 5).scaleb(-2) for i in range(n)], pa.decimal128(10, 2)),
}), FILE, file_version='${version}', dictionary_key_size_threshold=0.5)`,
      )
      const rows = await rowsOf(file)
      expect(rows).toHaveLength(5000)
      for (const [index, row] of rows.entries())
        expect(row).toEqual([
          ((index * 7919) % 1000) - 500,
          `w${index % 10}`,
          `free ${index}`,
          `${index < 5 ? '-' : ''}${(Math.abs(index - 5) / 100).toFixed(2)}`,
        ])
    },
  )

  it('are read stripe by stripe', async () => {
    const file = join(folder, 'stripes.orc')
    writeWithPython(
      file,
      `orc.write_table(pa.table({'x': pa.array([(i * 2654435761) % 2**32 for i in range(300000)], pa.int64())}), FILE, stripe_size=65536, compression='zlib')
assert orc.ORCFile(FILE).nstripes > 3`,
    )
    const values = await valuesOf(file)
    expect(values).toHaveLength(300_000)
    expect(values.at(-1)).toBe(Number((299_999n * 2_654_435_761n) % 2n ** 32n))
  })

  it('say which types their columns have', async () => {
    const file = join(folder, 'types.orc')
    writeWithPython(
      file,
      `orc.write_table(pa.table({'a': pa.array([1], pa.int16()), 'b': pa.array([1]), 'c': pa.array([None], pa.decimal128(9, 3)), 'd': pa.array([[1]])}), FILE)`,
    )
    expect((await readOrc(file)).columns).toEqual([
      { name: 'a', type: 'int' },
      { name: 'b', type: 'bigint' },
      { name: 'c', type: 'decimal', scale: 3 },
      { name: 'd', type: 'json' },
    ])
  })

  it('are refused where they are cut anywhere', async () => {
    const file = join(folder, 'cut.orc')
    writeWithPython(file, "orc.write_table(pa.table({'x': pa.array(list(range(1000)))}), FILE)")
    const whole = await readFile(file)
    for (let size = 0; size < whole.length; size += 7) {
      await writeFile(file, whole.subarray(0, size))
      await expect(rowsOf(file)).rejects.toHaveProperty('name', 'DataError')
    }
  })
})

test('gives timestamps as the clock of their writer showed them', async () => {
  const file = join(folder, 'los-angeles.orc')
  await writeFile(file, losAngelesOrcFile)
  const rows = await rowsOf(file)
  expect(rows).toHaveLength(14)
  for (const [at, shown] of rows) expect(at).toBe(`${String(shown).replace(' ', 'T')}0000`)
})

test('refuses what is no ORC file', async () => {
  const file = join(folder, 'text.orc')
  await writeFile(file, 'hello, this is no ORC at all')
  await expect(readOrc(file)).rejects.toThrow(/text\.orc cannot be read: it is no ORC file, or it is cut/)
})

function small(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
