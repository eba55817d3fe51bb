import { describe, expect, it } from 'vitest'
import type { RowColumn } from '../../../formats/rows/row-stream.ts'
import { call, openedDatabase, rowStream, select, writeInput } from './opened.ts'

const columns: readonly RowColumn[] = [
  { name: 'Id', type: 'int' },
  { name: 'Price', type: 'decimal' },
  { name: 'At', type: 'timestamp' },
]

describe('a write', () => {
  it('makes the table from the rows where that is asked', async () => {
    const database = await openedDatabase()
    const rows = [
      [1, '12.50', '2026-11-21T09:30:00.1230000Z'],
      [2, null, null],
    ]
    await expect(database.write(writeInput('T', rowStream(columns, rows)))).rejects.toThrow(
      /Invalid object name 'T'/,
    )
    const written = await database.write(writeInput('T', rowStream(columns, rows), { createTable: true }))
    expect(written).toEqual({ rowsWritten: 2 })
    expect(await select(database, 'SELECT * FROM T')).toEqual([
      [1, '12.5', '2026-11-21T09:30:00.123'],
      [2, null, null],
    ])
    expect(await database.columns({ schema: 'dbo', table: 't' })).toEqual(columns)
  })

  it('runs its script first, and both once for one key', async () => {
    const database = await openedDatabase()
    await database.script('CREATE TABLE T (Id int); INSERT INTO T VALUES (9)', call())
    const input = () =>
      writeInput('T', rowStream([{ name: 'Id', type: 'int' }], [[1], [2]]), {
        before: 'TRUNCATE TABLE T',
        once: 'w',
      })
    expect(await database.write(input())).toEqual({ rowsWritten: 2 })
    await database.script('INSERT INTO T VALUES (3)', call())
    expect(await database.write(input())).toEqual({ rowsWritten: 2 })
    expect(await select(database, 'SELECT Id FROM T ORDER BY Id')).toEqual([[1], [2], [3]])
  })

  it('upserts by the given keys or the primary key; the last row of a key counts', async () => {
    const database = await openedDatabase()
    await database.script(
      "CREATE TABLE T (Id int PRIMARY KEY, Code varchar(5), N int); INSERT INTO T VALUES (1, 'a', 10), (2, 'b', 20)",
      call(),
    )
    const three: readonly RowColumn[] = [
      { name: 'id', type: 'int' },
      { name: 'code', type: 'string' },
      { name: 'n', type: 'int' },
    ]
    await database.write(
      writeInput(
        'T',
        rowStream(three, [
          [2, 'b', 21],
          [3, 'c', 30],
          [3, 'c', 31],
        ]),
        { write: { behavior: 'upsert', keys: [] } },
      ),
    )
    await database.write(
      writeInput('T', rowStream(three, [[1, 'a', 11]]), { write: { behavior: 'upsert', keys: ['Code'] } }),
    )
    expect(await select(database, 'SELECT * FROM T ORDER BY Id')).toEqual([
      [1, 'a', 11],
      [2, 'b', 21],
      [3, 'c', 31],
    ])
  })

  it('hands rows to a procedure in batches', async () => {
    const database = await openedDatabase()
    await database.script('CREATE TABLE T (Id int); CREATE TABLE Calls (N int, Source varchar(9))', call())
    const procedures = {
      'dbo.load':
        'CREATE PROCEDURE dbo.load @Rows dbo.IdType READONLY, @source varchar(9) AS INSERT INTO T SELECT Id FROM @Rows INSERT INTO Calls SELECT COUNT(*), @source FROM @Rows',
    }
    const write = {
      behavior: 'storedProcedure',
      procedure: 'load',
      tableParameter: 'Rows',
      parameters: [{ name: 'source', value: 'x', direction: 'Input' }],
      batchSize: 2,
    } as const
    await database.write({
      ...writeInput('T', rowStream([{ name: 'Id', type: 'int' }], [[1], [2], [3]]), { write, procedures }),
      table: null,
    })
    expect(await select(database, 'SELECT * FROM T')).toEqual([[1], [2], [3]])
    expect(await select(database, 'SELECT * FROM Calls')).toEqual([
      [2, 'x'],
      [1, 'x'],
    ])
  })

  it.each([
    [
      'text that is too long',
      [{ name: 'Code', type: 'string' }],
      ['abcdef'],
      /column Code: String or binary data would be truncated/,
    ],
    [
      'a decimal that would be rounded',
      [{ name: 'N', type: 'decimal' }],
      ['12345678901234567.89'],
      /more digits than SQLite/,
    ],
    [
      'text that is no number',
      [{ name: 'Id', type: 'string' }],
      ['x'],
      /column Id: Conversion failed: "x" is no int/,
    ],
    [
      'a column that is not there',
      [{ name: 'Other', type: 'string' }],
      ['x'],
      /has no column "Other"; it has: Id, Code, N/,
    ],
  ] as const)('refuses %s and writes nothing', async (_title, given, row, message) => {
    const database = await openedDatabase()
    await database.script('CREATE TABLE T (Id int, Code varchar(5), N decimal(38, 2))', call())
    await expect(database.write(writeInput('T', rowStream(given, [row])))).rejects.toThrow(message)
    expect(await select(database, 'SELECT COUNT(*) FROM T')).toEqual([[0]])
  })

  it('writes nothing when it is aborted', async () => {
    const database = await openedDatabase()
    await database.script('CREATE TABLE T (Id int)', call())
    const controller = new AbortController()
    const rows = {
      columns: [{ name: 'Id', type: 'int' }] as const,
      batches: (async function* () {
        yield [[1]]
        controller.abort(new Error('stop'))
        yield [[2]]
      })(),
    }
    await expect(database.write(writeInput('T', rows, { signal: controller.signal }))).rejects.toThrow('stop')
    expect(await select(database, 'SELECT COUNT(*) FROM T')).toEqual([[0]])
  })
})
