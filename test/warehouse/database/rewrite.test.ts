import { describe, expect, it } from 'vitest'
import { rewrite } from '../../../warehouse/sqlite/tsql/rewrite.ts'
import { tokenize } from '../../../warehouse/sqlite/tsql/tokens.ts'

const tables = new Set(['stg.orders', 'orders'])
const sqlite = (text: string): string =>
  rewrite(tokenize(text), {
    database: 'Sales',
    tableParameters: new Set(['rows']),
    isTable: (name) => tables.has(name.toLowerCase()),
  })

const cases: readonly (readonly [title: string, tsql: string, sqlite: string])[] = [
  ['takes dbo away', 'SELECT * FROM [dbo].[Orders]', 'SELECT * FROM "Orders"'],
  ['makes another schema a part of the name', 'SELECT * FROM stg.Orders', 'SELECT * FROM "stg.Orders"'],
  ['takes its own database name away', 'SELECT 1 FROM Sales.dbo.Orders', 'SELECT 1 FROM "Orders"'],
  [
    'leaves columns of an alias alone',
    'SELECT o.Id FROM Orders o ON o.Id = o.X',
    'SELECT o.Id FROM Orders o ON o.Id = o.X',
  ],
  [
    'finds a table among columns',
    'SELECT stg.Orders.Id FROM a, stg.Orders',
    'SELECT "stg.Orders".Id FROM a, "stg.Orders"',
  ],
  ['limits a SELECT', 'SELECT TOP 5 a FROM t ORDER BY a', 'SELECT a FROM t ORDER BY a LIMIT 5'],
  [
    'limits an inner SELECT',
    'SELECT (SELECT TOP (1) a FROM t) FROM u',
    'SELECT(SELECT a FROM t LIMIT(1)) FROM u',
  ],
  [
    'pages',
    'SELECT a FROM t ORDER BY a OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY',
    'SELECT a FROM t ORDER BY a LIMIT 5 OFFSET 10',
  ],
  [
    'drops table hints',
    'SELECT a FROM t WITH (NOLOCK) WHERE a = 1 OPTION (RECOMPILE)',
    'SELECT a FROM t WHERE a = 1',
  ],
  [
    'casts by a function',
    'SELECT CAST(a AS decimal(18, 2)), CONVERT(varchar(10), b, 120)',
    "SELECT tsql_cast(a, 'decimal(18,2)'), tsql_cast(b, 'varchar(10)', 120)",
  ],
  [
    'casts inside a cast',
    'SELECT CAST(CAST(a AS date) AS varchar)',
    "SELECT tsql_cast(tsql_cast(a, 'date'), 'varchar')",
  ],
  ['quotes parts of dates', 'SELECT DATEADD(day, -1, GETDATE())', "SELECT DATEADD('day', - 1, GETDATE())"],
  ['joins texts', "SELECT 'a' + b + 'c', d + e", "SELECT 'a' || b || 'c', d + e"],
  [
    'joins what is converted to text',
    'SELECT CAST(a AS nvarchar(9)) + b',
    "SELECT tsql_cast(a, 'nvarchar(9)') || b",
  ],
  ['keeps sums inside texts apart', "SELECT 'a' + CONCAT(b + 1, 'x')", "SELECT 'a' || CONCAT(b + 1, 'x')"],
  [
    'writes times in one form',
    "SELECT '2026-11-21 09:30:00', '2026-11-21T09:30:00.5000000Z', '9/1/2017 12:56:00 AM', '2026-11-21'",
    "SELECT '2026-11-21T09:30:00', '2026-11-21T09:30:00.5', '2017-09-01T00:56:00', '2026-11-21'",
  ],
  [
    'renames functions',
    'SELECT ISNULL(a, 0), LEFT(b, 2), COUNT_BIG(*)',
    'SELECT ifnull(a, 0), left_text(b, 2), count(*)',
  ],
  ['empties a table', 'TRUNCATE TABLE stg.Orders', 'DELETE FROM "stg.Orders"'],
  [
    'makes a table of a SELECT',
    'SELECT a, b INTO stg.New FROM Orders',
    'CREATE TABLE "stg.New" AS SELECT a, b FROM Orders',
  ],
  [
    'makes temporary tables',
    'SELECT a INTO #x FROM Orders',
    'CREATE TEMP TABLE "#x" AS SELECT a FROM Orders',
  ],
  [
    'makes tables',
    'CREATE TABLE [dbo].[T] ([Id] int IDENTITY(1,1) NOT NULL, n nvarchar(MAX), t datetime2 DEFAULT (GETDATE()), CONSTRAINT pk PRIMARY KEY CLUSTERED (Id)) ON [PRIMARY]',
    'CREATE TABLE "T"([Id] INTEGER NOT NULL, n nvarchar, t datetime2 DEFAULT(GETDATE()), CONSTRAINT pk PRIMARY KEY(Id))',
  ],
  [
    'reads table parameters',
    'INSERT INTO Orders SELECT * FROM @Rows',
    'INSERT INTO Orders SELECT * FROM "@rows"',
  ],
]

describe('T-SQL for SQLite', () => {
  it.each(cases)('%s', (_title, tsql, expected) => expect(sqlite(tsql)).toBe(expected))

  it.each([
    ['MERGE INTO t USING s ON 1 = 1 WHEN MATCHED THEN DELETE', /MERGE is not there/],
    ["SELECT FORMAT(a, 'yyyy') FROM t", /FORMAT is not there/],
    ['SELECT * FROM Other.dbo.t', /another database than Sales/],
    ['SELECT TOP 10 PERCENT a FROM t', /PERCENT/],
    ['SELECT TOP 1 a FROM t UNION SELECT 2', /TOP beside UNION/],
    ['SELECT @@SERVERNAME', /@@SERVERNAME is not known/],
    ["SELECT 'a", /quote ' at line 1, column 8 is never closed/],
  ])('refuses %s', (tsql, message) => expect(() => sqlite(tsql)).toThrow(message))
})
