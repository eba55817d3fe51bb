import { expect, test } from 'vitest'
import { smallOrcFile } from '../../formats/orc/small-file.ts'
import { copyPlant, csv, dataset } from './copying.ts'

const properties = { source: { type: 'OrcSource' }, sink: { type: 'DelimitedTextSink' } }

test('copies ORC to text, every digit and nested value', async () => {
  const plant = await copyPlant()
  await plant.put('in/orders.orc', smallOrcFile)
  const output = await plant.copy(
    properties,
    dataset('Orc', 'in', 'orders.orc'),
    dataset('DelimitedText', 'out', 'orders.csv', { ...csv, escapeChar: '"' }),
  )
  expect(await plant.read('out/orders.csv')).toBe(
    'id,name,price,at,day,ok,lines\r\n' +
      '9007199254740993,"a ""b"", c",-1.23,2026-11-21 09:30:00.1234560,2026-11-21,True,"[{""sku"":""x""}]"\r\n' +
      '-1,,12.34,1970-01-01 00:00:00.0000000,,False,[]\r\n' +
      ',z,,,1970-01-01,,\r\n',
  )
  expect(output).toMatchObject({ rowsRead: 3, rowsCopied: 3, filesRead: 1 })
})

test('keeps the types of columns on the way to Parquet, and adds the path of each file', async () => {
  const plant = await copyPlant()
  await plant.put('in/a.orc', smallOrcFile)
  await plant.put('in/b.orc', smallOrcFile)
  await plant.copy(
    {
      source: { type: 'OrcSource', additionalColumns: [{ name: 'file', value: '$$FILEPATH' }] },
      sink: { type: 'ParquetSink', storeSettings: { copyBehavior: 'MergeFiles' } },
    },
    dataset('Orc', 'in', null),
    dataset('Parquet', 'out', 'all.parquet'),
  )
  const parquet = "'$root/out/all.parquet'"
  expect(await plant.rows(`SELECT id, price, file FROM ${parquet} WHERE ok`)).toEqual([
    ['9007199254740993', '-1.23', 'a.orc'],
    ['9007199254740993', '-1.23', 'b.orc'],
  ])
  const types = await plant.rows(`SELECT column_name, column_type FROM (DESCRIBE FROM ${parquet})`)
  expect(Object.fromEntries(types as [string, string][])).toMatchObject({
    id: 'BIGINT',
    price: 'DECIMAL(38,2)',
    at: 'TIMESTAMP',
    day: 'DATE',
    ok: 'BOOLEAN',
  })
})

test.each<[title: string, bytes: string | Buffer, message: RegExp]>([
  ['text', 'hello, this is no ORC at all', /x\.orc cannot be read: it is no ORC file, or it is cut/],
  ['an empty file', '', /x\.orc cannot be read: it is no ORC file/],
  ['a file that is cut', smallOrcFile.subarray(0, -20), /x\.orc cannot be read: /],
  [
    'a file whose stripe is damaged',
    Buffer.concat([smallOrcFile.subarray(0, 230), Buffer.alloc(60, 0xa5), smallOrcFile.subarray(290)]),
    /x\.orc, stripe 0 cannot be read: /,
  ],
])('refuses %s as bad data, and leaves no file', async (_title, bytes, message) => {
  const plant = await copyPlant()
  await plant.put('in/x.orc', bytes)
  const copied = plant.copy(
    properties,
    dataset('Orc', 'in', 'x.orc'),
    dataset('DelimitedText', 'out', 'x.csv', csv),
  )
  await expect(copied).rejects.toThrow(message)
  await expect(copied).rejects.toHaveProperty('name', 'DataError')
  expect(await plant.files('out')).toEqual([])
})
