import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../adf/json.ts'
import type { InvocationChanges } from '../../support/invocation.ts'
import { copyPlant, csv, dataset, textAt } from './copying.ts'

describe('delimited text to Parquet', () => {
  test("all columns are text without a mapping, and the output has ADF's keys", async () => {
    const plant = await copyPlant()
    await plant.put('in/orders.csv', 'id,name,amount\r\n007,"a ""b"", c",1.50\r\n2,,x\r\n')
    const output = await plant.copy(
      { source: { type: 'DelimitedTextSource' }, sink: { type: 'ParquetSink' } },
      dataset('DelimitedText', 'in', 'orders.csv', { ...csv, escapeChar: '"' }),
      dataset('Parquet', 'out', 'orders.parquet'),
    )
    expect(await plant.rows("FROM '$root/out/orders.parquet'")).toEqual([
      ['007', 'a "b", c', '1.50'],
      ['2', null, 'x'],
    ])
    expect(output).toMatchObject({
      rowsRead: 2,
      rowsCopied: 2,
      filesRead: 1,
      filesWritten: 1,
      dataRead: 45,
      errors: [],
      usedParallelCopies: 1,
      executionDetails: [
        { source: { type: 'FileServer' }, sink: { type: 'FileServer' }, status: 'Succeeded' },
      ],
    })
    expect(await plant.files()).toEqual(['in/orders.csv', 'out/orders.parquet'])
  })
})

const typed = (mappings: JsonObject[], more: JsonObject = {}): JsonObject => ({
  type: 'TabularTranslator',
  typeConversion: true,
  mappings,
  ...more,
})
const column = (name: string, type: string, sink = name): JsonObject => ({
  source: { name },
  sink: { name: sink, type },
})

const orders = typed([column('id', 'Int64'), column('amount', 'Decimal'), column('at', 'DateTime')])

async function copyOrders(text: string, more: JsonObject = {}, changes: InvocationChanges = {}) {
  const plant = await copyPlant()
  await plant.put('in/orders.csv', text)
  const copied = plant.copy(
    { source: { type: 'DelimitedTextSource' }, sink: { type: 'ParquetSink' }, translator: orders, ...more },
    dataset('DelimitedText', 'in', 'orders.csv', csv),
    dataset('Parquet', 'out', 'orders.parquet'),
    changes,
  )
  return { plant, copied }
}

describe('values are converted into the types of a mapping', () => {
  test('whatever form of dates the invariant culture reads', async () => {
    const { plant, copied } = await copyOrders(
      'id,amount,at\n1,2.50,2026-01-02T03:04:05Z\n2,,12/31/2026 5:06:07 PM\n3,4,2026-01-02\n',
    )
    await copied
    expect(
      await plant.rows(
        `SELECT id, CAST(amount AS VARCHAR), CAST("at" AS VARCHAR) FROM '$root/out/orders.parquet'`,
      ),
    ).toEqual([
      ['1', '2.500000000000000000', '2026-01-02 03:04:05'],
      ['2', null, '2026-12-31 17:06:07'],
      ['3', '4.000000000000000000', '2026-01-02 00:00:00'],
    ])
  })

  test('a value that cannot be converted fails the copy, named with its file, row and column, and nothing is visible', async () => {
    const { plant, copied } = await copyOrders('id,amount,at\n1,2.50,2026-01-02\n2,many,2026-01-02\n')
    await expect(copied).rejects.toMatchObject({
      name: 'DataError',
      code: '2200',
      message:
        'ErrorCode=TypeConversionFailure, in/orders.csv row 2: value "many" of column "amount" cannot be converted to DECIMAL(38, 18); set enableSkipIncompatibleRow to leave such rows out',
    })
    expect(await plant.files()).toEqual(['in/orders.csv'])
  })

  test('a row with too many fields fails the copy, named with its line', async () => {
    const { copied } = await copyOrders('id,amount,at\n1,2.50,2026-01-02\n2,1,2026-01-02,more\n')
    await expect(copied).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringMatching(
        /^ErrorCode=DelimitedTextMoreColumnsThanDefined, in\/orders.csv line 3 has 4 fields/,
      ),
    })
  })

  test('a row that ends early is filled up with nulls', async () => {
    const { plant, copied } = await copyOrders('id,amount,at\n1,2.50\n2\n')
    await copied
    expect(
      await plant.rows(`SELECT id, amount IS NULL, "at" IS NULL FROM '$root/out/orders.parquet'`),
    ).toEqual([
      ['1', false, true],
      ['2', true, true],
    ])
  })

  test('rows that do not fit are left out and logged where that is allowed', async () => {
    const logs = { name: 'logs', type: 'FileServer', typeProperties: { host: 'plant' } }
    const reference = { referenceName: 'logs', type: 'LinkedServiceReference', parameters: {} }
    const { plant, copied } = await copyOrders(
      'id,amount,at\n1,2.50,2026-01-02\n2,many,2026-01-02\n3,1,2026-01-02,more\nx,1,y\n5\n',
      {
        enableSkipIncompatibleRow: true,
        logSettings: {
          enableCopyActivityLog: true,
          logLocationSettings: { linkedServiceName: reference, path: 'logs' },
        },
      },
      { linkedServices: { logs } },
    )
    const output = await copied
    expect(output).toMatchObject({ rowsRead: 5, rowsCopied: 2, rowsSkipped: 3 })
    expect(await plant.rows("SELECT id FROM '$root/out/orders.parquet'")).toEqual([['1'], ['5']])
    const lines = (await plant.read(textAt(output, 'logFilePath'))).trim().split('\n')
    expect(lines.map((line) => line.replace(/^\d{4}-\S+ [\d:.]+,/, ''))).toEqual([
      'Timestamp,Level,OperationName,OperationItem,Message',
      'Warning,TabularRowSkip,"""2"",""many"",""2026-01-02""","in/orders.csv row 2: value ""many"" of column ""amount"" cannot be converted to DECIMAL(38, 18)"',
      'Warning,TabularRowSkip,"""x"",""1"",""y""","in/orders.csv row 3: value ""x"" of column ""id"" cannot be converted to BIGINT"',
      'Warning,TabularRowSkip,"3,1,2026-01-02,more","in/orders.csv line 4: Expected Number of Columns: 3 Found: 4"',
    ])
  })
})

test.each([
  {
    title: 'a column that the source does not have',
    translator: typed([column('ID', 'Int64')]),
    message: 'translator maps column "ID", which the source does not have; it has: id, amount, at',
  },
  {
    title: 'one name of the sink twice',
    translator: typed([column('id', 'Int64'), column('at', 'String', 'id')]),
    message: 'translator maps two columns to "id"; each name of the sink may stand once',
  },
])('$title is refused', async ({ translator, message }) => {
  const { copied } = await copyOrders('id,amount,at\n1,2,2026-01-02\n', { translator })
  await expect(copied).rejects.toMatchObject({ name: 'DefinitionError', message })
})

test.each<{ title: string; translator: JsonObject; columns: string[] }>([
  { title: 'legacy text', translator: { columnMappings: 'id: key, amount : sum' }, columns: ['key', 'sum'] },
  { title: 'a legacy map', translator: { columnMappings: { id: 'key' } }, columns: ['key'] },
  {
    title: 'ordinals',
    translator: { mappings: [{ source: { ordinal: 2 }, sink: { name: 'second' } }] },
    columns: ['second'],
  },
])('columns are mapped by $title', async ({ translator, columns }) => {
  const { plant, copied } = await copyOrders('id,amount,at\n1,2,2026-01-02\n', {
    translator: { type: 'TabularTranslator', ...translator },
  })
  await copied
  const described = await plant.rows("DESCRIBE FROM '$root/out/orders.parquet'")
  expect(described.map(([name]) => name)).toEqual(columns)
})
