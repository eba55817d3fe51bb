import { createHash, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import { type TableContract, tableFolder } from '../contract.ts'
import { commit } from '../delta/commit.ts'
import { DeltaLog } from '../delta/log.ts'
import { fieldsOf } from '../delta/schema.ts'
import { type Snapshot, rowsOf } from '../delta/snapshot.ts'
import { sqlColumns } from '../duckdb/columns.ts'
import type { DuckDb } from '../duckdb/duckdb.ts'
import { LostRace } from '../errors.ts'
import { type Warning, enforce } from './enforce.ts'
import { openInputs } from './inputs.ts'
import { merge } from './merge.ts'
import { type Parameters, bindParameters } from './parameters.ts'
import { parseSelect } from './parse.ts'
import { append, replaceAll } from './replace.ts'
import { buildHistories, scd2Columns } from './scd2.ts'
import { refuseOutsideScope, scopeOf } from './scope.ts'
import { stage } from './stage.ts'
import type { Rewrite, Target } from './target.ts'

export interface BuildTable {
  readonly lake: Lake
  readonly duckdb: DuckDb
  readonly contract: TableContract
  /** One SELECT; tables as `layer.table`, parameters as `$name`. */
  readonly sql: string
  /** Contract of a table that the SELECT reads; null: the columns are those of its Delta log. */
  readonly contractOf: (table: string) => Promise<TableContract | null>
  /** JSON text of a document of the factory, which the SELECT reads as `config.<name>` (one row, column `document`); null: none. */
  readonly documentOf?: (name: string) => Promise<string | null>
  readonly batch: string
  /** Besides `$batch`. */
  readonly parameters: Parameters
  readonly signal?: AbortSignal
  readonly progress?: (progress: { readonly rows: number; readonly bytes: number }) => void
}

export interface BuiltTable {
  readonly table: string
  /** False: this batch was built before, or it changes nothing. */
  readonly committed: boolean
  /** Of the batch's commit; the newest where it changes nothing. */
  readonly version: number
  /** A batch that was built before answers what its commit did. */
  readonly rowsInserted: number
  readonly rowsUpdated: number
  readonly rowsDeleted: number
  /** In the table after the commit. */
  readonly rows: number
  readonly filesAdded: number
  readonly filesRemoved: number
  readonly bytesWritten: number
  readonly warnings: readonly Warning[]
}

const attempts = 20

/**
 * Builds a table for a batch: runs the SELECT on pinned snapshots, holds the rows against the contract, and changes the table in one
 * commit that carries (build, batch), so that the same batch twice is one commit. Nothing is committed where anything is wrong.
 * A lost race reads and builds again.
 */
export async function buildTable(input: BuildTable): Promise<BuiltTable> {
  const log = new DeltaLog(input.lake, input.duckdb, tableFolder(input.contract.name))
  const transaction = `build/${await hashOf(input)}/${input.batch}`
  for (let attempt = 1; ; attempt++) {
    const base = await log.latest()
    const earlier = base.transactions.get(transaction)
    if (earlier !== undefined) return builtBefore(input, log, earlier.version)
    try {
      return await build(input, log, base, transaction)
    } catch (error) {
      if (!(error instanceof LostRace) || attempt >= attempts) throw error
      await sleep(Math.random() * 50 * attempt, undefined, { signal: input.signal })
    }
  }
}

/** A build is its contract, its SQL and the documents that it reads: when one of them changes, a batch may be built again. */
async function hashOf({ contract, sql, documentOf }: BuildTable): Promise<string> {
  const names = new Set(sql.matchAll(/\bconfig\."?(\w+)/g).map((match) => match[1] ?? ''))
  const documents = await Promise.all([...names].sort().map(async (name) => documentOf?.(name)))
  return createHash('sha256')
    .update(JSON.stringify([contract, sql, documents]))
    .digest('hex')
    .slice(0, 16)
}

async function build(
  input: BuildTable,
  log: DeltaLog,
  base: Snapshot,
  transaction: string,
): Promise<BuiltTable> {
  const { lake, duckdb, contract } = input
  const staged = join(await lake.scratch(), `staged-${randomUUID()}.parquet`)
  try {
    return await duckdb.session(async (connection) => {
      const { target, fields, rewrite, warnings } = await prepare(input, connection, log, base, staged)
      const nothing = { add: [], remove: [], rowsInserted: 0, rowsUpdated: 0, rowsDeleted: 0 }
      // The first build makes the table, also where it has no row.
      const change: Rewrite | null = rewrite ?? (base.version < 0 ? nothing : null)
      if (change === null) {
        return { ...outcome(contract, base, nothing), committed: false, version: base.version, warnings }
      }
      const result = outcome(contract, base, change)
      input.progress?.({ rows: change.rowsInserted + change.rowsUpdated, bytes: result.bytesWritten })
      const done = await commit(log, {
        table: contract.name,
        base,
        fields,
        partitionBy: target.contract.partitionBy,
        add: change.add,
        remove: change.remove,
        transaction,
        operation: contract.materialization.type === 'merge' ? 'MERGE' : 'WRITE',
        readsTable: contract.materialization.type !== 'append' || contract.key.length > 0,
        replacesAll: contract.materialization.type === 'replace',
        parameters: { batch: input.batch, materialization: contract.materialization.type },
        metrics: metricsOf(result),
      })
      return { ...result, ...done, warnings }
    }, input.signal)
  } finally {
    await rm(staged, { force: true })
  }
}

/** Everything before the commit: reads, checks, writes files that nobody sees yet. */
async function prepare(
  input: BuildTable,
  connection: DuckDBConnection,
  log: DeltaLog,
  base: Snapshot,
  file: string,
) {
  const { contract, lake } = input
  const { materialization } = contract
  const name = contract.name.split('.')[1] ?? contract.name
  const [sqlFile, contractFile] = [`table/${name}.sql`, `table/${name}.yaml`]
  const parameters = { batch: input.batch, ...input.parameters }
  const scd2 = materialization.type === 'scd2' ? scd2Columns(contract, materialization, contractFile) : null

  const parsed = await parseSelect(connection, input.sql, sqlFile)
  const scope = await scopeOf(connection, contract, contractFile)
  await openInputs(input, connection, [...new Set([...parsed.inputs, ...scope.inputs])], {
    where: sqlFile,
    pinned: { [contract.name]: base },
  })
  await stage({
    connection,
    sql: bindParameters(input.sql, parameters, sqlFile),
    columns: scd2?.selected ?? contract.columns,
    file,
    sqlFile,
    contractFile,
  })
  const columns = scd2?.physical ?? sqlColumns(contract.columns)
  const target: Target = { lake, folder: log.folder, snapshot: base, contract, columns }
  const checking = { connection, lake, contract, contractFile, batch: input.batch }
  if (materialization.type === 'scd2' && scd2 !== null) {
    await enforce({
      ...checking,
      contract: { ...contract, columns: [...scd2.selected], key: [], checks: [] },
    })
    await buildHistories(connection, target, materialization, scd2)
  }
  const warnings = await enforce(checking)
  const fields = [...fieldsOf(contract.columns), ...(scd2 === null ? [] : [scd2.field])]
  const rewrite = await materialize()
  return { target, fields, rewrite, warnings }

  async function materialize(): Promise<Rewrite | null> {
    switch (materialization.type) {
      case 'append':
        return append(connection, target)
      case 'replace':
        return replaceAll(connection, target)
      case 'scd2':
        return merge({
          connection,
          target,
          key: [materialization.surrogateKey],
          replaceBy: materialization.naturalKey,
        })
      case 'merge': {
        const replaceBy = materialization.replaceBy ?? []
        if (replaceBy.length > 0) {
          await connection.run(`CREATE TABLE scope AS ${scope.select(parameters)}`)
          await refuseOutsideScope(connection, contract, replaceBy)
        }
        const { ignoring = [] } = materialization
        return merge({ connection, target, key: contract.key, replaceBy, ignoring })
      }
    }
  }
}

type Outcome = Omit<BuiltTable, 'committed' | 'version' | 'warnings'>

function outcome(contract: TableContract, base: Snapshot, change: Rewrite): Outcome {
  const before = [...base.files.values()].reduce((sum, file) => sum + (rowsOf(file) ?? 0), 0)
  return {
    table: contract.name,
    rowsInserted: change.rowsInserted,
    rowsUpdated: change.rowsUpdated,
    rowsDeleted: change.rowsDeleted,
    rows: before + change.rowsInserted - change.rowsDeleted,
    filesAdded: change.add.length,
    filesRemoved: change.remove.length,
    bytesWritten: change.add.reduce((sum, file) => sum + file.size, 0),
  }
}

function metricsOf(result: Outcome): Record<string, string> {
  return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, value.toString()]))
}

/** The same answer as that of the attempt which committed, lost on its way. */
async function builtBefore(input: BuildTable, log: DeltaLog, version: number): Promise<BuiltTable> {
  const metrics = (await log.commitInfo(version))?.operationMetrics ?? {}
  const metric = (name: keyof Outcome) => Number(metrics[name] ?? 0)
  return {
    table: input.contract.name,
    committed: false,
    version,
    rowsInserted: metric('rowsInserted'),
    rowsUpdated: metric('rowsUpdated'),
    rowsDeleted: metric('rowsDeleted'),
    rows: metric('rows'),
    filesAdded: metric('filesAdded'),
    filesRemoved: metric('filesRemoved'),
    bytesWritten: metric('bytesWritten'),
    warnings: [],
  }
}
