import { describe, expect, test } from 'vitest'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { JsonObject } from '../../../adf/json.ts'
import { type CopyPlant, copyPlant, csv, dataset } from './copying.ts'

const text = (more: JsonObject = {}): JsonObject => ({ ...csv, ...more })
const source = (type: string, more: JsonObject = {}): JsonObject => ({ type: `${type}Source`, ...more })
const sink = (type: string, more: JsonObject = {}): JsonObject => ({ type: `${type}Sink`, ...more })

async function made(sql: string): Promise<CopyPlant> {
  const plant = await copyPlant()
  await plant.put('in/.keep', '')
  await plant.rows(`COPY (${sql}) TO '$root/in/rows.parquet' (FORMAT parquet)`)
  return plant
}

describe('delimited text is written as .NET writes it', () => {
  const values = `SELECT 1 AS n, true AS b, 2.0::DOUBLE AS d, 0.1::DOUBLE AS e, TIMESTAMP '2026-01-02 03:04:05.5' AS t, DATE '2026-01-02' AS y, 'x"y,z\\' AS s, NULL AS u`

  test.each<{ title: string; properties: JsonObject; format?: JsonObject; written: string }>([
    {
      title: "with ADF's defaults",
      properties: text(),
      written: 'n,b,d,e,t,y,s,u\r\n1,True,2,0.1,2026-01-02 03:04:05.5000000,2026-01-02,"x\\"y,z\\\\",\r\n',
    },
    {
      title: 'with every value quoted',
      properties: text({ escapeChar: '"', nullValue: 'NULL', rowDelimiter: '\n', columnDelimiter: ';' }),
      format: { quoteAllText: 'true' },
      written:
        '"n";"b";"d";"e";"t";"y";"s";"u"\n"1";"True";"2";"0.1";"2026-01-02 03:04:05.5000000";"2026-01-02";"x""y,z\\";NULL\n',
    },
    {
      title: 'with a delimiter of several characters',
      properties: text({ columnDelimiter: '||', firstRowAsHeader: false, escapeChar: '"', nullValue: '\\N' }),
      written: '1||True||2||0.1||2026-01-02 03:04:05.5000000||2026-01-02||"x""y,z\\"||\\N\r\n',
    },
    {
      title: 'without quotes',
      properties: text({ columnDelimiter: '\t', quoteChar: '', escapeChar: '', firstRowAsHeader: 'false' }),
      written: '1\tTrue\t2\t0.1\t2026-01-02 03:04:05.5000000\t2026-01-02\tx"y,z\\\t\r\n',
    },
  ])('$title', async ({ properties, format = {}, written }) => {
    const plant = await made(values)
    await plant.copy(
      {
        source: source('Parquet'),
        sink: sink('DelimitedText', { formatSettings: { type: 'x', ...format } }),
      },
      dataset('Parquet', 'in', 'rows.parquet'),
      dataset('DelimitedText', 'out', 'rows.csv', properties),
    )
    expect(await plant.read('out/rows.csv')).toBe(written)
  })
})

describe('delimited text is read', () => {
  test.each<{
    title: string
    content: string | Buffer
    properties: JsonObject
    read?: JsonObject
    rows: unknown[][]
  }>([
    {
      title: 'without a header, by Prop_0 and on',
      content: 'a,1\nb,2\n',
      properties: text({ firstRowAsHeader: false }),
      rows: [
        ['a', '1'],
        ['b', '2'],
      ],
    },
    {
      title: 'after lines that are left out',
      content: '# made by x\r\n\r\n# on y\r\nid,name\r\n1,a\r\n',
      properties: text(),
      read: { skipLineCount: 2 },
      rows: [['1', 'a']],
    },
    {
      title: 'with a delimiter of several characters',
      content: 'id||name\n1||"a||b"\n',
      properties: text({ columnDelimiter: '||' }),
      rows: [['1', 'a||b']],
    },
    {
      title: 'in UTF-16',
      content: Buffer.from('\uFEFFid,name\n1,ä\n', 'utf16le'),
      properties: text({ encodingName: 'UTF-16' }),
      rows: [['1', 'ä']],
    },
    {
      title: 'with its mark of UTF-8',
      content: '\uFEFFid,name\n1,ä\n',
      properties: text(),
      rows: [['1', 'ä']],
    },
    {
      title: 'packed',
      content: gzipSync('id,name\n1,a\n'),
      properties: text({ compressionCodec: 'gzip' }),
      rows: [['1', 'a']],
    },
    {
      title: 'with its own text for null',
      content: 'id,name\n1,NULL\n',
      properties: text({ nullValue: 'NULL' }),
      rows: [['1', null]],
    },
    { title: 'of one column', content: 'id\n1\n2\n', properties: text(), rows: [['1'], ['2']] },
    {
      title: 'with a row over several lines',
      content: 'id,name\n1,"a\nb"\n',
      properties: text(),
      rows: [['1', 'a\nb']],
    },
  ])('$title', async ({ content, properties, read = {}, rows }) => {
    const plant = await copyPlant()
    await plant.put('in/rows.csv', content)
    await plant.copy(
      {
        source: source('DelimitedText', { formatSettings: { type: 'DelimitedTextReadSettings', ...read } }),
        sink: sink('Parquet'),
      },
      dataset('DelimitedText', 'in', 'rows.csv', properties),
      dataset('Parquet', 'out', 'rows.parquet'),
    )
    expect(await plant.rows("FROM '$root/out/rows.parquet'")).toEqual(rows)
  })

  test.each([
    {
      title: 'a column without a name',
      header: 'a,,c',
      message: 'in/rows.csv: the name of column 2 of 3 is empty in the header',
    },
    {
      title: 'a name that stands twice',
      header: 'a,b,a',
      message: 'in/rows.csv: column "a" stands twice in the header',
    },
  ])('$title is refused', async ({ header, message }) => {
    const plant = await copyPlant()
    await plant.put('in/rows.csv', `${header}\n1,2,3\n`)
    const copied = plant.copy(
      { source: source('DelimitedText'), sink: sink('Parquet') },
      dataset('DelimitedText', 'in', 'rows.csv', text()),
      dataset('Parquet', 'out', 'rows.parquet'),
    )
    await expect(copied).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringContaining(message),
    })
  })
})

describe('JSON', () => {
  const documents = [
    { title: 'an object a line', content: '{"id":1,"n":{"a":[1,2]}}\n{"id":2}\n' },
    { title: 'an array', content: '[{"id":1,"n":{"a":[1,2]}},\n{"id":2}]' },
    { title: 'objects one after the other', content: '{\n"id":1,\n"n":{"a":[1,2]}}{"id":2}' },
  ]
  test.each(documents)('$title is read', async ({ content }) => {
    const plant = await copyPlant()
    await plant.put('in/rows.json', content)
    await plant.copy(
      { source: source('Json'), sink: sink('Parquet') },
      dataset('Json', 'in', 'rows.json'),
      dataset('Parquet', 'out', 'r.parquet'),
    )
    expect(await plant.rows("SELECT id, n FROM '$root/out/r.parquet'")).toEqual([
      ['1', '{"a":[1,2]}'],
      ['2', null],
    ])
  })

  test('one object is a row; paths reach into it, and an array of it gives a row for each element', async () => {
    const plant = await copyPlant()
    await plant.put(
      'in/o.json',
      '{"id":12345678901234567,"items":[{"sku":"a","n":1},{"sku":"b","n":2.5}],"by":{"name":"x"}}',
    )
    await plant.copy(
      {
        source: source('Json'),
        sink: sink('Parquet'),
        translator: {
          type: 'TabularTranslator',
          collectionReference: "$['items']",
          typeConversion: true,
          mappings: [
            { source: { path: "$['id']" }, sink: { name: 'id', type: 'Int64' } },
            { source: { path: '$.by.name' }, sink: { name: 'by', type: 'String' } },
            { source: { path: "['sku']" }, sink: { name: 'sku', type: 'String' } },
            { source: { path: "['n']" }, sink: { name: 'n', type: 'Double' } },
          ],
        },
      },
      dataset('Json', 'in', 'o.json'),
      dataset('Parquet', 'out', 'o.parquet'),
    )
    expect(await plant.rows("FROM '$root/out/o.parquet'")).toEqual([
      ['12345678901234567', 'x', 'a', 1],
      ['12345678901234567', 'x', 'b', 2.5],
    ])
  })

  test.each([
    { filePattern: 'setOfObjects', written: '{"id":1,"at":"2026-01-02T03:04:05"}\n{"id":2,"at":null}\n' },
    {
      filePattern: 'arrayOfObjects',
      written: '[\n\t{"id":1,"at":"2026-01-02T03:04:05"},\n\t{"id":2,"at":null}\n]\n',
    },
  ])('is written as $filePattern', async ({ filePattern, written }) => {
    const plant = await made(
      'SELECT 1 AS id, TIMESTAMP \'2026-01-02 03:04:05\' AS "at" UNION ALL SELECT 2, NULL',
    )
    await plant.copy(
      {
        source: source('Parquet'),
        sink: sink('Json', { formatSettings: { type: 'JsonWriteSettings', filePattern } }),
      },
      dataset('Parquet', 'in', 'rows.parquet'),
      dataset('Json', 'out', 'rows.json'),
    )
    expect(await plant.read('out/rows.json')).toBe(written)
  })

  test('is written with nested objects where paths of the sink say so', async () => {
    const plant = await made("SELECT 1 AS id, 'x' AS name")
    await plant.copy(
      {
        source: source('Parquet'),
        sink: sink('Json'),
        translator: {
          type: 'TabularTranslator',
          mappings: [
            { source: { name: 'id' }, sink: { path: "$['order']['id']" } },
            { source: { name: 'name' }, sink: { path: "$['order']['by']['name']" } },
          ],
        },
      },
      dataset('Parquet', 'in', 'rows.parquet'),
      dataset('Json', 'out', 'rows.json'),
    )
    expect(JSON.parse(await plant.read('out/rows.json'))).toEqual({ order: { id: 1, by: { name: 'x' } } })
  })
})

describe('several files', () => {
  const lay = async (): Promise<CopyPlant> => {
    const plant = await copyPlant()
    await plant.put('in/y=2025/a.csv', 'id,name\n1,a\n')
    await plant.put('in/y=2026/m=01/b.csv', 'name,id\nb,2\n')
    return plant
  }
  const copy = (
    plant: CopyPlant,
    storeSettings: JsonObject,
    sinkSettings: JsonObject,
    more: JsonObject = {},
    name: string | null = null,
  ) =>
    plant.copy(
      { source: source('DelimitedText', { storeSettings, ...more }), sink: sink('Parquet', sinkSettings) },
      dataset('DelimitedText', 'in', null, text()),
      dataset('Parquet', 'out', name),
    )

  test('keep their places, with the extension of the sink', async () => {
    const plant = await lay()
    expect(await copy(plant, {}, {})).toMatchObject({ filesRead: 2, filesWritten: 2, rowsCopied: 2 })
    expect(await plant.files('out')).toEqual(['y=2025/a.parquet', 'y=2026/m=01/b.parquet'])
  })

  test('are merged by name, with folders and paths as columns', async () => {
    const plant = await lay()
    await copy(
      plant,
      { enablePartitionDiscovery: true },
      { storeSettings: { copyBehavior: 'MergeFiles' } },
      {
        additionalColumns: [
          { name: 'file', value: '$$FILEPATH' },
          { name: 'site', value: 'north' },
        ],
      },
      'all.parquet',
    )
    expect(await plant.rows("SELECT id, name, y, m, file, site FROM '$root/out/all.parquet'")).toEqual([
      ['1', 'a', '2025', null, 'y=2025/a.csv', 'north'],
      ['2', 'b', '2026', '01', 'y=2026/m=01/b.csv', 'north'],
    ])
  })
})

test('rows are parted over files, in order', async () => {
  const plant = await made('SELECT i AS id FROM range(5) t(i)')
  const output = await plant.copy(
    {
      source: source('Parquet'),
      sink: sink('DelimitedText', {
        formatSettings: {
          type: 'DelimitedTextWriteSettings',
          maxRowsPerFile: 2,
          fileNamePrefix: 'part',
          fileExtension: '.csv',
        },
      }),
    },
    dataset('Parquet', 'in', 'rows.parquet'),
    dataset('DelimitedText', 'out', null, text({ rowDelimiter: '\n', compressionCodec: 'gzip' })),
  )
  expect(output).toMatchObject({ rowsCopied: 5, filesWritten: 3 })
  const parts = await Promise.all(['0', '1', '2'].map((index) => plant.bytes(`out/part_0000${index}.csv`)))
  expect(parts.map((part) => gunzipSync(part).toString())).toEqual(['id\n0\n1\n', 'id\n2\n3\n', 'id\n4\n'])
})

test('a million rows keep their order', async () => {
  const plant = await made('SELECT i AS id FROM range(1000000) t(i)')
  await plant.copy(
    { source: source('Parquet'), sink: sink('DelimitedText') },
    dataset('Parquet', 'in', 'rows.parquet'),
    dataset('DelimitedText', 'out', 'rows.csv', text({ rowDelimiter: '\n' })),
  )
  const lines = (await plant.read('out/rows.csv')).trimEnd().split('\n')
  expect(lines.slice(1).findIndex((line, index) => line !== String(index))).toBe(-1)
  expect(lines).toHaveLength(1_000_001)
})
