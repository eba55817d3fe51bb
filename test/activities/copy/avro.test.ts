import { readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib'
import avro from 'avsc'
import { snappyCompress } from 'hysnappy'
import { expect, test } from 'vitest'
import { copyPlant, csv, dataset, type CopyPlant } from './copying.ts'

const schema = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'name', type: ['null', 'string'], default: null },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['NEW', 'PAID'] } },
    { name: 'before', type: ['null', 'State'], default: null },
    {
      name: 'lines',
      type: {
        type: 'array',
        items: { type: 'record', name: 'Line', fields: [{ name: 'sku', type: 'string' }] },
      },
    },
    { name: 'ok', type: 'boolean' },
  ],
} as const

const long = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: () => 0,
})

const orders = [
  {
    id: 9_007_199_254_740_993n,
    name: 'a "b", c',
    price: Buffer.from([0xff, 0x85]),
    at: 1_795_253_400_123_456n,
    day: 20_778,
    state: 'NEW',
    before: null,
    lines: [{ sku: 'x' }],
    ok: true,
  },
  {
    id: -1n,
    name: null,
    price: Buffer.from([0x04, 0xd2]),
    at: 0n,
    day: 0,
    state: 'PAID',
    before: 'NEW',
    lines: [],
    ok: false,
  },
]

const codecs: Record<string, (block: Buffer) => Buffer> = {
  null: (block) => block,
  deflate: (block) => deflateRawSync(block),
  zstandard: (block) => zstdCompressSync(block),
  snappy: (block) => {
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(block))
    return Buffer.concat([snappyCompress(block), check])
  },
}

/** A container file as the specification lays it out: header, then one block. */
async function write(plant: CopyPlant, path: string, codec: string, rows: readonly object[] = orders) {
  const isLong = (one: unknown) => /^"long"$|^\{"type":"long"/.test(JSON.stringify(one))
  const type = avro.Type.forSchema(structuredClone(schema) as unknown as avro.Schema, {
    typeHook: (one) => (isLong(one) ? long : undefined),
  })
  const header = avro.Type.forSchema({ type: 'map', values: 'bytes' }).toBuffer({
    'avro.schema': Buffer.from(JSON.stringify(schema)),
    'avro.codec': Buffer.from(codec),
  })
  const number = (value: number) => avro.Type.forSchema('long').toBuffer(value)
  const sync = Buffer.from('0123456789abcdef')
  const block = codecs[codec]?.(Buffer.concat(rows.map((row) => type.toBuffer(row)))) ?? Buffer.alloc(0)
  const parts = [Buffer.from('Obj\x01'), header, sync, number(rows.length), number(block.length), block, sync]
  await plant.put(path, Buffer.concat(parts))
}

const properties = { source: { type: 'AvroSource' }, sink: { type: 'DelimitedTextSink' } }

test.each(Object.keys(codecs))('reads files packed with %s, every digit and nested value', async (codec) => {
  const plant = await copyPlant()
  await write(plant, 'in/orders.avro', codec)
  const output = await plant.copy(
    properties,
    dataset('Avro', 'in', 'orders.avro'),
    dataset('DelimitedText', 'out', 'orders.csv', { ...csv, escapeChar: '"' }),
  )
  expect(await plant.read('out/orders.csv')).toBe(
    'id,name,price,at,day,state,before,lines,ok\r\n' +
      '9007199254740993,"a ""b"", c",-1.23,2026-11-21 09:30:00.1234560,2026-11-21,NEW,,"[{""sku"":""x""}]",True\r\n' +
      '-1,,12.34,1970-01-01 00:00:00.0000000,1970-01-01,PAID,NEW,[],False\r\n',
  )
  expect(output).toMatchObject({ rowsRead: 2, rowsCopied: 2, filesRead: 1 })
})

test('keeps the types of columns on the way to Parquet, and adds the path of each file', async () => {
  const plant = await copyPlant()
  await write(plant, 'in/a.avro', 'null')
  await write(plant, 'in/b.avro', 'deflate', orders.slice(1))
  await plant.copy(
    {
      source: { type: 'AvroSource', additionalColumns: [{ name: 'file', value: '$$FILEPATH' }] },
      sink: { type: 'ParquetSink', storeSettings: { copyBehavior: 'MergeFiles' } },
    },
    dataset('Avro', 'in', null),
    dataset('Parquet', 'out', 'all.parquet'),
  )
  const parquet = "'$root/out/all.parquet'"
  expect(await plant.rows(`SELECT id, price, file FROM ${parquet}`)).toEqual([
    ['9007199254740993', '-1.23', 'a.avro'],
    ['-1', '12.34', 'a.avro'],
    ['-1', '12.34', 'b.avro'],
  ])
  const types = await plant.rows(`SELECT column_name, column_type FROM (DESCRIBE FROM ${parquet})`)
  expect(Object.fromEntries(types as [string, string][])).toMatchObject({
    id: 'BIGINT',
    at: 'TIMESTAMP',
    day: 'DATE',
    ok: 'BOOLEAN',
  })
})

test.each<[title: string, damage: (plant: CopyPlant) => Promise<void>, message: RegExp]>([
  ['text', (plant) => plant.put('in/x.avro', 'hello, this is no Avro at all'), /is no Avro file/],
  ['an empty file', (plant) => plant.put('in/x.avro', ''), /is no Avro file/],
  [
    'a file that is cut',
    async (plant) => {
      await write(plant, 'in/x.avro', 'deflate')
      const file = join(plant.root, 'in/x.avro')
      await truncate(file, (await readFile(file)).length - 20)
    },
    /is damaged|is no Avro file/,
  ],
])('refuses %s as bad data, and leaves no file', async (_title, damage, message) => {
  const plant = await copyPlant()
  await damage(plant)
  const copied = plant.copy(
    properties,
    dataset('Avro', 'in', 'x.avro'),
    dataset('DelimitedText', 'out', 'x.csv', csv),
  )
  await expect(copied).rejects.toThrow(message)
  await expect(copied).rejects.toHaveProperty('name', 'DataError')
  expect(await plant.files('out')).toEqual([])
})
