import { join } from 'node:path'
import { LocalLake } from '../../../lake/local/local-lake.ts'
import { tableContract } from '../../../tables/contract.ts'
import { openDuckDb } from '../../../tables/duckdb/open.ts'
import { appendRows } from '../../../tables/rows/append-rows.ts'

/** `node append-writer.ts <lake> <contract> <first id> <count>`: appends rows, each in a commit of its own. */
const [root = '', text = '', first = '0', count = '5'] = process.argv.slice(2)
const lake = new LocalLake({ root })
const duckdb = await openDuckDb({ spillFolder: join(root, '..', `writer-${process.pid}`) })
const contract = tableContract.parse(JSON.parse(text))
for (let id = Number(first); id < Number(first) + Number(count); id++) {
  await appendRows({ lake, duckdb, contract, rows: [{ id, kind: 'k' }], transaction: `t/${id}` })
}
await duckdb.close()
