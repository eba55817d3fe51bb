import { join } from 'node:path'
import { LocalLake } from '../../../lake/local/local-lake.ts'
import type { LakeContent } from '../../../lake/lake.ts'
import { buildTable } from '../../../tables/build/build-table.ts'
import { tableContract } from '../../../tables/contract.ts'
import { openDuckDb } from '../../../tables/duckdb/open.ts'

/** `node stuck-writer.ts <lake> <contract>`: builds a table, says so when its data file is there, and never commits. */
class StuckLake extends LocalLake {
  override async create(path: string, content: LakeContent): Promise<boolean> {
    if (!path.includes('/_delta_log/')) return super.create(path, content)
    process.stdout.write('written\n')
    return new Promise(() => setInterval(() => {}, 1000))
  }
}

const [root = '', contract = ''] = process.argv.slice(2)
await buildTable({
  lake: new StuckLake({ root }),
  duckdb: await openDuckDb({ spillFolder: join(root, '..', 'stuck-writer') }),
  contract: tableContract.parse(JSON.parse(contract)),
  sql: 'SELECT 2 AS id',
  batch: 'b2',
  parameters: {},
  contractOf: async () => null,
})
