import { openSqliteDatabase } from '../../../warehouse/sqlite/database/sqlite-database.ts'

/** Writes 5,000 rows under the key `w` into table T of a file. `hang`: stops before the last batch, and says so; else says when all is committed. */
const [file = '', mode = ''] = process.argv.slice(2)
const database = openSqliteDatabase({ file, name: 'Sales', tsql: true })
const batch = (from: number) => Array.from({ length: 1000 }, (_, index) => [from + index])
await database.write({
  table: { schema: null, table: 'T' },
  rows: {
    columns: [{ name: 'Id', type: 'int' }],
    batches: (async function* () {
      for (let from = 0; from < 4000; from += 1000) yield batch(from)
      if (mode === 'hang') {
        console.log('in the middle')
        await new Promise((resolve) => setTimeout(resolve, 60_000))
      }
      yield batch(4000)
    })(),
  },
  write: { behavior: 'insert' },
  before: null,
  procedures: {},
  createTable: true,
  once: 'w',
  signal: new AbortController().signal,
})
console.log('committed')
setInterval(() => {}, 1000)
