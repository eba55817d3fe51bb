import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { openDuckDb } from '../../tables/duckdb/open.ts'
import { queryTables } from '../../tables/read.ts'
import { openSqliteWarehouse } from '../../warehouse/sqlite/sqlite-warehouse.ts'
import { contentOnly, tableContents } from '../support/table-content.ts'

/** What is there after a drop has gone through: all that must not depend on who was killed when. */
export interface Survey {
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly hash: string }>>
  /** Tables of the warehouse; runs by pipeline and status. */
  readonly warehouse: Readonly<Record<string, { readonly rows: number; readonly hash: string }>>
  /** Bronze objects, path → SHA-256; null for those that hold times of processing. */
  readonly objects: Readonly<Record<string, string | null>>
  readonly archived: readonly string[]
  readonly inbox: readonly string[]
  /** Titles of notifications, each once a deduplication key. */
  readonly notifications: readonly string[]
  /** Scans without exactly one row in the ingestion log. */
  readonly logged: readonly string[]
}

/** Objects that tell when a scan was processed. */
const timed = /processing_log\.json$/

/** Tables are compared by their rows; a batch's own notes hold the inbox files' times. */
const apart = /^(_tables|_batches)\//

export async function survey(home: string): Promise<Survey> {
  const lake = join(home, 'lake')
  return {
    tables: contentOnly(await tableContents(home)),
    warehouse: await warehouseContents(join(home, 'warehouse.db')),
    objects: Object.fromEntries(
      filesBelow(join(lake, 'bronze'))
        .filter((path) => !apart.test(path))
        .map((path) => [path, timed.test(path) ? null : hashOf(join(lake, 'bronze', path))]),
    ),
    archived: filesBelow(join(lake, 'archive')),
    inbox: filesBelow(join(lake, 'inbox')),
    notifications: notesOf(home)
      .map(({ title }) => title)
      .toSorted(),
    logged: await wronglyLogged(home),
  }
}

export interface Note {
  readonly title: string
  readonly deduplicationKey: string
}

/** Notifications in the outbox. */
export function notesOf(home: string): Note[] {
  return filesBelow(join(home, 'outbox'))
    .filter((path) => path.endsWith('.json'))
    .map((path) => JSON.parse(readFileSync(join(home, 'outbox', path), 'utf8')) as Note)
}

/** What a survey after kills says otherwise than one without; empty when nothing was lost and nothing done twice. */
export function differences(expected: Survey, found: Survey): string[] {
  return [
    ...compareMaps('table', expected.tables, found.tables),
    ...compareMaps('warehouse table', expected.warehouse, found.warehouse),
    ...compareMaps('bronze object', expected.objects, found.objects),
    ...compareLists('archived file', expected.archived, found.archived),
    ...compareLists('inbox file', expected.inbox, found.inbox),
    ...compareLists('notification', expected.notifications, found.notifications),
    ...found.logged.map((line) => `ingestion log: ${line}`),
  ]
}

function compareMaps(
  what: string,
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])].toSorted()
  return names.flatMap((name) => {
    const [before, after] = [JSON.stringify(expected[name]), JSON.stringify(found[name])]
    return before === after
      ? []
      : [`${what} ${name}: ${before ?? 'none'} undisturbed, ${after ?? 'none'} here`]
  })
}

function compareLists(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const count = (list: readonly string[]): Record<string, number> =>
    Object.fromEntries([...Map.groupBy(list, (name) => name)].map(([name, all]) => [name, all.length]))
  return compareMaps(what, count(expected), count(found))
}

/** Times at which a process ran, ids of runs, attempts: what two runs cannot share. */
const ownToRun: Readonly<Record<string, readonly string[] | 'all'>> = {
  _loads: 'all',
  activity_runs: 'all',
  notifications: 'all',
  ingestion_log: ['processing_start_time', 'processing_end_time', 'duration_seconds'],
  pipeline_runs: [
    'run_id',
    'group_id',
    'invoked_by_run_id',
    'run_start',
    'run_end',
    'parameters',
    'plan_hash',
  ],
}

async function warehouseContents(file: string): Promise<Survey['warehouse']> {
  const warehouse = await openSqliteWarehouse(file)
  try {
    const tables = await warehouse.query(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
    const contents: Record<string, { rows: number; hash: string }> = {}
    for (const { name } of tables) {
      const left = ownToRun[String(name)] ?? []
      if (left === 'all') continue
      const rows = await warehouse.query(`SELECT * FROM "${String(name)}"`)
      const lines = rows.map((row) =>
        JSON.stringify(
          Object.entries(row).filter(([column]) => !left.includes(column)),
          (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
        ),
      )
      const hash = createHash('sha256').update(lines.toSorted().join('\n')).digest('hex')
      contents[String(name)] = { rows: rows.length, hash }
    }
    return contents
  } finally {
    await warehouse.close()
  }
}

/** How many attempts of activities failed because the disk was full, as the warehouse tells. */
export async function diskFailures(home: string): Promise<number> {
  const warehouse = await openSqliteWarehouse(join(home, 'warehouse.db'))
  try {
    const [counted] = await warehouse.query(
      `SELECT count(*) AS n FROM activity_runs
       WHERE error_message LIKE '%ENOSPC%' OR error_message LIKE '%disk is full%' OR error_message LIKE '%No space left%'`,
    )
    return Number(counted?.['n'])
  } finally {
    await warehouse.close()
  }
}

/** One row a scan of the drop, whatever became of it; a scan in bronze has its row. */
const wronglyLoggedSql = `
  SELECT source_path || ': ' || count(*) || ' rows' FROM bronze.ingestion_log GROUP BY source_path HAVING count(*) > 1
  UNION ALL
  SELECT scan_id || ': in bronze, but in no row' FROM bronze.scans
  WHERE scan_id NOT IN (SELECT scan_id FROM bronze.ingestion_log WHERE outcome IN ('committed', 'revision'))`

async function wronglyLogged(home: string): Promise<string[]> {
  const lake = new LocalLake({ root: join(home, 'lake') })
  const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb', 'survey'), memoryLimit: '256MB' })
  try {
    return await queryTables({ lake, duckdb }, { sql: wronglyLoggedSql }, async ({ rows }) => {
      const found: string[] = []
      for await (const chunk of rows) found.push(...chunk.map(([line]) => String(line)))
      return found
    })
  } finally {
    await duckdb.close()
  }
}

export function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .toSorted()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
