import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'js-yaml'
import type { ActivityFunction } from '../../../activities/activity.ts'
import type { JsonObject } from '../../../adf/json.ts'
import { tableContract, type TableContract } from '../../../tables/contract.ts'
import { type BuiltTable, buildTable } from '../../../tables/build/build-table.ts'
import { openInputs } from '../../../tables/build/inputs.ts'
import { parseSelect } from '../../../tables/build/parse.ts'
import { appendRows } from '../../../tables/rows/append-rows.ts'
import type { Row } from '../../../tables/rows/values.ts'
import { type Fixture, openFixture } from '../../tables/fixture.ts'
import { temporaryWarehouse } from '../../warehouse/temporary-warehouse.ts'
import { invocationOf } from '../../support/invocation.ts'
import { dependenciesWith } from '../../support/dependencies.ts'

const factory = join(import.meta.dirname, '../../../factories/gelsight')

/** The tables of the GelSight factory in a lake of their own: bronze rows by hand, silver and gold by the factory's SQL. */
export interface GelsightTables extends AsyncDisposable {
  readonly fixture: Fixture
  readonly contracts: ReadonlyMap<string, TableContract>
  /** Columns that a row does not give are null. */
  bronze(table: string, batch: string, rows: readonly Row[]): Promise<void>
  build(table: string, batch: string, processedAt?: string): Promise<BuiltTable>
  /** All of silver, in the pipeline's order. */
  silver(batch: string, processedAt?: string): Promise<BuiltTable[]>
  /** Runs an activity as a worker would, with the factory's files as its plan. */
  run(activity: ActivityFunction, batch: string, typeProperties: JsonObject): Promise<JsonObject>
  /** Rows of a SELECT over any tables, values as DuckDB's JSON. */
  query(sql: string): Promise<Record<string, unknown>[]>
}

export const silverTables = [
  'dim_calibration',
  'dim_device',
  'dim_shapes',
  'dim_routines',
  'fact_scan_metadata',
  'dim_analysis_version_context',
  'fact_measurements',
  'calibration_lineage',
].map((name) => `silver.${name}`)

/** A batch of this name builds every scan again. */
export const rebuildBatch = 'rebuild'

/** `routineSchemas`: in place of the factory's own. `fixture`: a lake that is there already, and stays its owner's. */
export async function openGelsightTables(
  options: { routineSchemas?: unknown; fixture?: Fixture } = {},
): Promise<GelsightTables> {
  const fixture = options.fixture ?? (await openFixture())
  const { lake, duckdb } = fixture
  const contracts = await readContracts()
  const contractOf = async (name: string) => contracts.get(name) ?? null
  const schemas =
    options.routineSchemas ?? load(await readFile(join(factory, 'routine_schemas.yaml'), 'utf8'))
  const documentOf = async (name: string) => (name === 'routine_schemas' ? JSON.stringify(schemas) : null)
  const contract = (name: string): TableContract => {
    const found = contracts.get(name)
    if (found === undefined) throw new Error(`the factory has no table ${name}`)
    return found
  }

  async function build(table: string, batch: string, processedAt = '2026-03-01T00:00:00Z') {
    const sql = await readFile(join(factory, `table/${table.split('.')[1]}.sql`), 'utf8')
    const parameters = { processed_at: processedAt, rebuild: batch === rebuildBatch }
    return buildTable({
      lake,
      duckdb,
      contract: contract(table),
      sql,
      contractOf,
      documentOf,
      batch,
      parameters,
    })
  }

  return {
    fixture,
    contracts,
    async bronze(table, batch, rows) {
      const filled = rows.map((row) => ({ batch_id: batch, ...row }))
      await appendRows({
        lake,
        duckdb,
        contract: contract(`bronze.${table}`),
        rows: filled,
        transaction: batch,
      })
    },
    build,
    async silver(batch, processedAt) {
      const built = []
      for (const table of silverTables) built.push(await build(table, batch, processedAt))
      return built
    },
    async run(activity, batch, typeProperties) {
      const resources: Record<string, string> = {}
      for (const file of await readdir(factory, { recursive: true })) {
        if (!/\.(yaml|sql)$/.test(file)) continue
        const text = await readFile(join(factory, file), 'utf8')
        const sha256 = createHash('sha256').update(text).digest('hex')
        resources[file] = sha256
        await lake.create(`_plans/${sha256}`, text)
      }
      return activity(
        invocationOf(activity.name, typeProperties, {
          run: {
            factory: 'gelsight',
            pipeline: 'silver_transform',
            batch,
            triggerTime: '2026-03-01T00:00:00.0000000Z',
          },
          resources,
        }),
        {
          signal: new AbortController().signal,
          attempt: 1,
          cursor: null,
          progress() {},
          checkpoint() {},
        },
        dependenciesWith({ lake, duckdb, warehouse: (await temporaryWarehouse()).warehouse }),
      )
    },
    async query(sql) {
      return duckdb.session(async (connection) => {
        const { inputs } = await parseSelect(connection, sql, 'query')
        await openInputs({ lake, duckdb, contractOf }, connection, inputs, { where: 'query' })
        return (await connection.runAndReadAll(sql)).getRowObjectsJson()
      })
    },
    async [Symbol.asyncDispose]() {
      if (options.fixture === undefined) await fixture[Symbol.asyncDispose]()
    },
  }
}

async function readContracts(): Promise<Map<string, TableContract>> {
  const files = (await readdir(join(factory, 'table'))).filter((name) => name.endsWith('.yaml'))
  const contracts = await Promise.all(
    files.map(async (file) =>
      tableContract.parse(load(await readFile(join(factory, 'table', file), 'utf8'))),
    ),
  )
  return new Map(contracts.map((contract) => [contract.name, contract]))
}
