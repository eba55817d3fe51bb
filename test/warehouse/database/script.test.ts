import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { call, input, openedDatabase, rowsOf, select } from './opened.ts'

const orders = `CREATE TABLE [dbo].[Orders] (Id int PRIMARY KEY, Amount decimal(18,2), At datetime2, Done bit)
INSERT INTO dbo.Orders (Id, Amount, At, Done) VALUES (1, 12.5, '2026-11-21 09:30:00', 1), (2, 3, '9/1/2017 12:56:00 AM', 0)`

describe('a script', () => {
  it('runs its statements without semicolons, in order', async () => {
    const database = await openedDatabase()
    const result = await database.script(
      `${orders}\nUPDATE Orders SET Done = 1 WHERE Id = 2 SELECT COUNT(*) AS n FROM dbo.Orders GO`,
      call(),
    )
    expect(result).toEqual({
      resultSets: [{ columns: [{ name: 'n', type: 'bigint' }], rows: [[2]] }],
      recordsAffected: 3,
      outputParameters: {},
      messages: [],
    })
  })

  it('takes ON for the end of an option, and for the start of what follows a key', async () => {
    const database = await openedDatabase()
    await database.script(
      `SET NOCOUNT ON
       CREATE TABLE parent (id int PRIMARY KEY)
       SET XACT_ABORT ON INSERT INTO parent VALUES (1), (2)
       CREATE TABLE child (id int REFERENCES parent (id) ON DELETE CASCADE ON UPDATE CASCADE)
       SET NOCOUNT ON
       UPDATE parent SET id = id + 10
       SET NOCOUNT ON DELETE FROM parent WHERE id = 12`,
      call(),
    )
    expect(await select(database, 'SELECT id FROM parent')).toEqual([[11]])
  })

  it('gives values in the types that the table declares', async () => {
    const database = await openedDatabase()
    await database.script(orders, call())
    const stream = await database.query('SELECT * FROM Orders ORDER BY Id', call())
    expect(stream.columns.map(({ type }) => type)).toEqual(['int', 'decimal', 'timestamp', 'boolean'])
    expect(await rowsOf(stream)).toEqual([
      [1, '12.50', '2026-11-21T09:30:00', true],
      [2, '3.00', '2017-09-01T00:56:00', false],
    ])
  })

  it('knows variables, IF, PRINT and parameters that go out', async () => {
    const database = await openedDatabase()
    const result = await database.script(
      `DECLARE @n int = 3, @label varchar(20)
       SET @label = 'n is ' + CAST(@n AS varchar(10))
       IF @n > 2 BEGIN PRINT @label; SET @Out = @n * @In END ELSE PRINT 'small'
       SELECT @n = MAX(x) FROM (SELECT 7 AS x) t
       SELECT @n AS n, @@ROWCOUNT AS c`,
      call({ parameters: [...input({ In: 5 }), { name: 'Out', value: null, direction: 'Output' }] }),
    )
    expect(result.messages).toEqual(['n is 3'])
    expect(result.outputParameters).toEqual({ Out: 15 })
    expect(result.resultSets[0]?.rows).toEqual([[7, 0]])
  })

  it('makes what is missing only, by IF OBJECT_ID and IF NOT EXISTS', async () => {
    const database = await openedDatabase()
    const text = `IF OBJECT_ID('stg.Rows', 'U') IS NULL CREATE TABLE stg.Rows (a int)
      IF NOT EXISTS (SELECT * FROM stg.Rows) INSERT stg.Rows VALUES (1)
      IF OBJECT_ID('dbo.Gone') IS NOT NULL DROP TABLE dbo.Gone`
    await database.script(text, call())
    await database.script(text, call())
    expect(await select(database, 'SELECT * FROM stg.Rows')).toEqual([[1]])
  })

  it('undoes all of it where one statement fails, and says why', async () => {
    const database = await openedDatabase()
    await database.script(orders, call())
    await expect(
      database.script('DELETE FROM Orders; INSERT INTO Orders (Id) VALUES (1), (1)', call()),
    ).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringMatching(/UNIQUE constraint failed: Orders\.Id; in: INSERT INTO Orders/),
    })
    expect(await select(database, 'SELECT COUNT(*) FROM Orders')).toEqual([[2]])
    await expect(database.script("THROW 50001, 'not today', 1", call())).rejects.toMatchObject({
      name: 'DataError',
      message: 'not today',
    })
    await expect(database.script('SELECT * FROM Nowhere', call())).rejects.toMatchObject({
      name: 'DefinitionError',
    })
    await expect(database.script('SELECT @x', call())).rejects.toThrow(
      'Must declare the scalar variable "@x"',
    )
  })

  it('takes effect once for one key, with the same result', async () => {
    const database = await openedDatabase()
    await database.script('CREATE TABLE t (a int)', call())
    const once = call({ once: 'run-1/Load//0' })
    const text = 'INSERT INTO t VALUES (1); SELECT COUNT(*) AS n FROM t'
    const first = await database.script(text, once)
    expect(await database.script(text, once)).toEqual(first)
    expect(await select(database, 'SELECT COUNT(*) FROM t')).toEqual([[1]])
    await database.script(text, call({ once: 'run-1/Load//1' }))
    expect(await select(database, 'SELECT COUNT(*) FROM t')).toEqual([[2]])
  })

  it('keeps temporary tables and table variables to itself', async () => {
    const database = await openedDatabase()
    await database
      .script(
        'CREATE TABLE #x (a int); DECLARE @t TABLE (a int) INSERT INTO @t VALUES (4) INSERT INTO #x SELECT a FROM @t; SELECT * FROM #x',
        call(),
      )
      .then((result) => expect(result.resultSets[0]?.rows).toEqual([[4]]))
    await expect(select(database, 'SELECT * FROM #x')).rejects.toThrow('no such table')
  })

  it.each([
    ["ATTACH '/etc/x.db' AS x", /not authorized/],
    ["VACUUM INTO '/tmp/stolen.db'", /not authorized|cannot VACUUM/],
    ['WHILE 1 = 1 PRINT 1', /WHILE is not there/],
    ["EXEC sp_executesql N'SELECT 1'", /sp_executesql is not there/],
    ['BEGIN TRY SELECT 1 END TRY', /TRY … CATCH is not there/],
  ])('refuses %s', async (text, message) => {
    const database = await openedDatabase()
    await expect(database.script(text, call())).rejects.toThrow(message)
  })

  it("knows SQL Server's functions", async () => {
    const database = await openedDatabase()
    const rows = await select(
      database,
      `SELECT LEN('ab  '), DATEDIFF(day, '2026-02-27', '2026-03-01'), DATEADD(month, 1, '2026-01-31'), CONVERT(varchar(8), '2026-11-21 09:30:00', 112),
        ISNULL(NULL, 'x'), CHARINDEX('b', 'abc'), TRY_CAST('x' AS int), CAST('12.345' AS decimal(9,2)), CAST('2026-11-21T09:30:00Z' AS date), DATEPART(weekday, '2026-11-21'), EOMONTH('2026-02-03')`,
    )
    expect(rows).toEqual([
      [2, 2, '2026-02-28', '20261121', 'x', 2, null, 12.35, '2026-11-21', 7, '2026-02-28'],
    ])
  })
})

describe('a query', () => {
  it('must give exactly one result set', async () => {
    const database = await openedDatabase()
    await expect(database.query('SELECT 1 AS a; SELECT 2 AS b', call())).rejects.toThrow('2 result sets')
    await expect(database.query('CREATE TABLE t (a int)', call())).rejects.toThrow('no result set')
  })

  it('stops in the middle when it is aborted, and others go on', async () => {
    const database = await openedDatabase()
    const controller = new AbortController()
    const endless = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n'
    const stream = await database.query(endless, call({ signal: controller.signal }))
    let batches = 0
    await expect(
      (async () => {
        for await (const batch of stream.batches)
          if (batch.length > 0 && ++batches === 3) controller.abort(new Error('stop'))
      })(),
    ).rejects.toThrow('stop')
    expect(await select(database, 'SELECT 1 AS a')).toEqual([[1]])
  })

  it("reads SQLite's own SQL where the database is one", async () => {
    const database = await openedDatabase({ tsql: false })
    await database.script(
      "CREATE TABLE t (a INTEGER, b TEXT); INSERT INTO t VALUES (@a, 'x;y')",
      call({ parameters: input({ a: 5 }) }),
    )
    expect(await select(database, 'SELECT a, b FROM t LIMIT 1')).toEqual([[5, 'x;y']])
  })
})

describe('a procedure', () => {
  const procedures = {
    'dbo.usp_write_watermark': `USE Sales
GO
CREATE OR ALTER PROCEDURE [dbo].[usp_write_watermark] @LastModifiedtime datetime, @TableName varchar(50) = 'orders'
AS
BEGIN
  SET NOCOUNT ON;
  UPDATE watermarktable
  SET [WatermarkValue] = @LastModifiedtime
  WHERE [TableName] = @TableName
END
GO`,
    'etl.run':
      "CREATE PROC etl.run @n int AS EXEC dbo.usp_write_watermark @LastModifiedtime = '2027-01-01 00:00:00'; SELECT @n AS n",
  }

  it('runs with typed parameters and defaults, and calls others', async () => {
    const database = await openedDatabase()
    await database.script(
      "CREATE TABLE watermarktable (TableName varchar(50), WatermarkValue datetime); INSERT INTO watermarktable VALUES ('orders', '2010-01-01')",
      call(),
    )
    const result = await database.callProcedure(
      '[dbo].[usp_write_watermark]',
      call({ procedures, parameters: input({ LastModifiedtime: '2026-11-21T09:30:00Z' }) }),
    )
    expect(result.recordsAffected).toBe(1)
    expect(await select(database, 'SELECT WatermarkValue FROM watermarktable')).toEqual([
      ['2026-11-21T09:30:00'],
    ])
    expect(
      await rowsOf(
        await database.queryProcedure('etl.run', call({ procedures, parameters: input({ n: 4 }) })),
      ),
    ).toEqual([[4]])
    expect(await select(database, 'SELECT WatermarkValue FROM watermarktable')).toEqual([
      ['2027-01-01T00:00:00'],
    ])
  })

  it.each([
    [
      'usp_write_watermark',
      {},
      /expects parameter '@lastmodifiedtime', which was not supplied \(SQL error 201\)/,
    ],
    ['usp_write_watermark', { LastModifiedtime: null, Wrong: 1 }, /@wrong is not a parameter for procedure/],
    ['usp_write_watermark', { LastModifiedtime: 'soon' }, /"soon" is no datetime/],
    [
      'usp_nothing',
      {},
      /Could not find stored procedure 'usp_nothing': the factory has no procedure\/dbo.usp_nothing.sql; it has: dbo.usp_write_watermark, etl.run/,
    ],
  ])('refuses %s with %j', async (name, parameters, message) => {
    const database = await openedDatabase()
    await expect(
      database.callProcedure(name, call({ procedures, parameters: input(parameters) })),
    ).rejects.toThrow(message)
  })
})

describe('the file', () => {
  it('is a plain SQLite file that other programs read', async () => {
    const database = await openedDatabase()
    await database.script(`${orders}; SELECT * INTO stg.Copies FROM Orders`, call())
    const file = new DatabaseSync(database.file, { readOnly: true })
    expect(file.prepare('SELECT COUNT(*) AS n FROM [stg.Copies]').get()).toEqual({ n: 2 })
    file.close()
  })
})
