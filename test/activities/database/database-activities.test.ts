import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { ActivityFunction } from '../../../activities/activity.ts'
import { lookup } from '../../../activities/lookup.ts'
import { script } from '../../../activities/script.ts'
import { sqlServerStoredProcedure } from '../../../activities/sql-server-stored-procedure.ts'
import type { JsonObject } from '../../../adf/json.ts'
import type { ResolvedDataset } from '../../../adf/run/run.ts'
import { invocationOf, type InvocationChanges } from '../../support/invocation.ts'
import { context, copyPlant, csv, dataset, type CopyPlant } from '../copy/copying.ts'

const service = {
  name: 'sales',
  type: 'AzureSqlDatabase',
  typeProperties: {
    connectionString: 'Data Source=tcp:x.database.windows.net;Initial Catalog=Sales;User ID=u',
  },
}

function table(name: string): ResolvedDataset {
  return {
    name,
    type: 'AzureSqlTable',
    typeProperties: { schema: 'dbo', table: name },
    linkedService: service,
  }
}

function running(plant: CopyPlant) {
  const run =
    (activity: ActivityFunction, type: string) =>
    (typeProperties: JsonObject, changes: InvocationChanges = {}): Promise<JsonObject> =>
      activity(
        invocationOf(type, typeProperties, { linkedService: service, ...changes }),
        context,
        plant.dependencies,
      )
  return {
    script: (text: string, changes: InvocationChanges = {}) =>
      run(script, 'Script')({ scripts: [{ type: 'Query', text }] }, { name: text, ...changes }),
    procedure: run(sqlServerStoredProcedure, 'SqlServerStoredProcedure'),
    lookup: (source: JsonObject, more: JsonObject = {}, from = table('orders')) =>
      run(lookup, 'Lookup')(
        { source, dataset: { referenceName: from.name, type: 'DatasetReference' }, ...more },
        { datasets: { [from.name]: from } },
      ),
  }
}

const orders = `CREATE TABLE orders (Id int PRIMARY KEY, Amount decimal(9,2), LastModifytime datetime2, Done bit);
  INSERT INTO orders VALUES (1, 12.5, '2026-11-20 08:00:00', 1), (2, 3, '2026-11-21 09:30:00', 0), (3, NULL, '2026-11-22 00:00:00', NULL)`

describe('Lookup', () => {
  it("gives the first row in JSON's types, or all rows with their number", async () => {
    const plant = await copyPlant()
    const { script: run, lookup: look } = running(plant)
    await run(orders)
    const source = {
      type: 'AzureSqlSource',
      sqlReaderQuery: 'SELECT TOP 1 * FROM dbo.orders ORDER BY Id DESC',
    }
    expect(await look(source)).toEqual({
      firstRow: { Id: 3, Amount: null, LastModifytime: '2026-11-22T00:00:00', Done: null },
      effectiveIntegrationRuntime: 'Headrace',
    })
    const all = await look({ type: 'AzureSqlSource' }, { firstRowOnly: false })
    expect(all).toMatchObject({
      count: 3,
      value: [{ Id: 1, Amount: 12.5, Done: true }, { Id: 2, Amount: 3, Done: false }, { Id: 3 }],
    })
    const none = await look({ type: 'AzureSqlSource', sqlReaderQuery: 'SELECT * FROM orders WHERE Id = 99' })
    expect(none).toEqual({ effectiveIntegrationRuntime: 'Headrace' })
  })

  it('gives more than 5,000 rows', async () => {
    const plant = await copyPlant()
    const query = 'WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 12000) SELECT x FROM n'
    const { count } = await running(plant).lookup(
      { type: 'SqlServerSource', sqlReaderQuery: query },
      { firstRowOnly: false },
    )
    expect(count).toBe(12_000)
  })

  it('refuses bytes and more than one result set', async () => {
    const plant = await copyPlant()
    const { lookup: look } = running(plant)
    await expect(
      look({ type: 'SqlSource', sqlReaderQuery: "SELECT CAST('a' AS varbinary) AS b" }),
    ).rejects.toThrow('column b holds bytes')
    await expect(look({ type: 'SqlSource', sqlReaderQuery: 'SELECT 1 AS a; SELECT 2 AS b' })).rejects.toThrow(
      '2 result sets',
    )
  })

  it('reads files too', async () => {
    const plant = await copyPlant()
    await plant.put('in/a.csv', 'id,name\n1,x\n2,y\n')
    const rows = await running(plant).lookup(
      { type: 'DelimitedTextSource' },
      { firstRowOnly: false },
      dataset('DelimitedText', 'in', 'a.csv', csv),
    )
    expect(rows).toMatchObject({
      count: 2,
      value: [
        { id: '1', name: 'x' },
        { id: '2', name: 'y' },
      ],
    })
  })
})

describe('Script', () => {
  it("has ADF's output, and its effect once for one try", async () => {
    const plant = await copyPlant()
    const { script: run } = running(plant)
    await run(orders)
    const text =
      "UPDATE orders SET Amount = ISNULL(Amount, 0) + 1; PRINT 'done'; SELECT SUM(Amount) AS total FROM orders"
    const expected = {
      resultSetCount: 1,
      recordsAffected: 3,
      resultSets: [{ rowCount: 1, rows: [{ total: 18.5 }] }],
      outputParameters: {},
      outputLogs: 'done',
      outputLogsLocation: '',
      outputTruncated: false,
      effectiveIntegrationRuntime: 'Headrace',
    }
    expect(await run(text)).toEqual(expected)
    expect(await run(text)).toEqual(expected)
    expect(await run(text, { retryAttempt: 1 })).toMatchObject({ resultSets: [{ rows: [{ total: 21.5 }] }] })
  })
})

describe('an incremental copy with a watermark', () => {
  it('copies what is new and moves the watermark by a stored procedure of the factory', async () => {
    const plant = await copyPlant()
    const { script: run, lookup: look, procedure } = running(plant)
    await run(orders)
    await run(
      "CREATE TABLE watermark (TableName varchar(50), Value datetime2); INSERT INTO watermark VALUES ('orders', '2026-11-20 12:00:00')",
    )
    const text =
      'CREATE PROCEDURE usp_write_watermark @time datetime, @name varchar(50) AS BEGIN UPDATE watermark SET Value = @time WHERE TableName = @name END'
    const sha256 = createHash('sha256').update(text).digest('hex')
    await plant.dependencies.lake.create(`_plans/${sha256}`, Readable.from([Buffer.from(text)]))
    const before = await look({
      type: 'AzureSqlSource',
      sqlReaderQuery: "SELECT Value FROM watermark WHERE TableName = 'orders'",
    })
    const after = await look({
      type: 'AzureSqlSource',
      sqlReaderQuery: 'SELECT MAX(LastModifytime) AS Value FROM orders',
    })
    const value = ({ firstRow }: JsonObject): string => JSON.parse(JSON.stringify(firstRow)).Value
    const output = await plant.copy(
      {
        source: {
          type: 'AzureSqlSource',
          sqlReaderQuery: `SELECT * FROM dbo.orders WHERE LastModifytime > '${value(before)}' AND LastModifytime <= '${value(after)}'`,
        },
        sink: { type: 'DelimitedTextSink' },
      },
      table('orders'),
      dataset('DelimitedText', 'out', 'new.csv', csv),
    )
    expect(output).toMatchObject({ rowsRead: 2, rowsCopied: 2, filesWritten: 1 })
    expect((await plant.read('out/new.csv')).split('\r\n').map((line) => line.slice(0, 2))).toEqual([
      'Id',
      '2,',
      '3,',
      '',
    ])
    const parameters = {
      time: { value: value(after), type: 'DateTime' },
      name: { value: 'orders', type: 'String' },
    }
    await procedure(
      { storedProcedureName: '[dbo].[usp_write_watermark]', storedProcedureParameters: parameters },
      { resources: { 'procedure/dbo.usp_write_watermark.sql': sha256 } },
    )
    expect(
      await look({ type: 'AzureSqlSource', sqlReaderQuery: 'SELECT Value FROM watermark' }),
    ).toMatchObject({ firstRow: { Value: '2026-11-22T00:00:00' } })
  })
})

describe('a copy into a table', () => {
  const sink = { type: 'AzureSqlSink', tableOption: 'autoCreate', preCopyScript: 'DELETE FROM orders' }

  it('makes it, empties it by its script, and writes once for one try', async () => {
    const plant = await copyPlant()
    const { script: run, lookup: look } = running(plant)
    await plant.put('in/a.csv', 'Id,Name\n1,x\n2,y\n')
    const copied = () =>
      plant.copy(
        { source: { type: 'DelimitedTextSource' }, sink: { ...sink, preCopyScript: null } },
        dataset('DelimitedText', 'in', 'a.csv', csv),
        table('made'),
      )
    expect(await copied()).toMatchObject({ rowsCopied: 2 })
    expect(await copied()).toMatchObject({ rowsCopied: 2 })
    expect(
      await look({ type: 'AzureSqlSource', sqlReaderQuery: 'SELECT * FROM made' }, { firstRowOnly: false }),
    ).toMatchObject({
      value: [
        { Id: '1', Name: 'x' },
        { Id: '2', Name: 'y' },
      ],
    })
    await run(orders)
    await plant.put('in/b.csv', 'Id,Amount\n7,1.5\n')
    await plant.copy(
      { source: { type: 'DelimitedTextSource' }, sink },
      dataset('DelimitedText', 'in', 'b.csv', csv),
      table('orders'),
      { retryAttempt: 1 },
    )
    expect(await look({ type: 'AzureSqlSource' }, { firstRowOnly: false })).toMatchObject({
      value: [{ Id: 7, Amount: 1.5 }],
    })
  })

  it('upserts by keys', async () => {
    const plant = await copyPlant()
    const { script: run, lookup: look } = running(plant)
    await run(orders)
    await plant.put('in/a.csv', 'Id,Amount\n1,99\n4,4.25\n')
    await plant.copy(
      {
        source: { type: 'DelimitedTextSource' },
        sink: {
          type: 'SqlServerSink',
          writeBehavior: 'upsert',
          upsertSettings: { useTempDB: true, keys: ['Id'] },
        },
      },
      dataset('DelimitedText', 'in', 'a.csv', csv),
      table('orders'),
    )
    expect(
      await look(
        { type: 'AzureSqlSource', sqlReaderQuery: 'SELECT Id, Amount FROM orders ORDER BY Id' },
        { firstRowOnly: false, treatDecimalAsString: true },
      ),
    ).toMatchObject({
      value: [
        { Id: 1, Amount: '99' },
        { Id: 2, Amount: '3' },
        { Id: 3, Amount: null },
        { Id: 4, Amount: '4.25' },
      ],
    })
  })
})
