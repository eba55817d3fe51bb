import { describe, expect, test } from 'vitest'
import { copyPlant, csv, dataset } from './copying.ts'

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
