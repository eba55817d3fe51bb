import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Lake } from '../../lake/lake.ts'
import { parseSelect } from '../build/parse.ts'
import { explained } from '../build/sql-error.ts'
import { tableFolder } from '../contract.ts'
import { DeltaLog } from '../delta/log.ts'
import { quoteText } from '../duckdb/sql.ts'
import { DataError, DefinitionError } from '../errors.ts'
import { type TableSource, withTables } from '../read.ts'

/** Parts of a training data set: by hash_key(scan_id) modulo 10, so that a scan never changes its part. */
const parts = { train: '< 8', validation: '= 8', test: '= 9' } as const
type Part = keyof typeof parts
const partNames = Object.keys(parts) as Part[]

export interface TrainingDatasetInput {
  readonly source: TableSource
  /** Lake folder of all versions. */
  readonly folder: string
  /** One SELECT that gives `scan_id` (unique, never null) and `label`. */
  readonly sql: string
  readonly sqlFile: string
  /** Kept in the manifest of a new version. */
  readonly origin: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface TrainingDataset {
  readonly version: string
  /** False: the version was there. */
  readonly created: boolean
  readonly rows: number
  readonly folder: string
  readonly manifest: string
  readonly split: Readonly<Record<Part, number>>
}

/** `manifest.json`: written last, so that a version with a manifest is complete. */
export interface TrainingManifest {
  readonly version: string
  readonly origin: TrainingDatasetInput['origin']
  /** Snapshots that the rows were read from. */
  readonly sources: readonly { readonly table: string; readonly version: number }[]
  readonly rows: number
  readonly labels: Readonly<Record<string, number>>
  readonly split: Readonly<Record<Part, number>>
  readonly schema: readonly { readonly name: string; readonly type: string }[]
  /** Over query, schema and every row in the order of scan_id. */
  readonly contentSha256: string
  readonly files: readonly {
    readonly path: string
    readonly rows: number
    readonly bytes: number
    readonly sha256: string
  }[]
}

/**
 * Writes a version of the training data: `{folder}/{version}/{train,validation,test}.parquet` and `manifest.json`. The version is the
 * hash of query, schema and rows, so the same inputs give the same version, which is never touched again; a version that a
 * killed attempt left without manifest is completed. Throws a DataError where a scan has two rows or none of its own.
 */
export async function writeTrainingDataset(input: TrainingDatasetInput): Promise<TrainingDataset> {
  const { source } = input
  const { lake, duckdb } = source
  const names = await duckdb.session(async (connection) => parseSelect(connection, input.sql, input.sqlFile))
  const tables = names.inputs.filter((name) => !name.startsWith('config.'))
  const sources = await Promise.all(
    tables.map(async (table) => {
      const { version } = await new DeltaLog(lake, duckdb, tableFolder(table)).latest()
      return { table, version }
    }),
  )
  const pinned = sources.filter(({ version }) => version >= 0).map(({ table, version }) => [table, version])
  const scratch = join(await lake.scratch(), `training-${randomUUID()}`)
  await mkdir(scratch, { recursive: true })
  try {
    return await withTables(
      source,
      names.inputs,
      async (connection) => {
        const staged = await stage(connection, input, join(scratch, 'rows.parquet'))
        const folder = `${input.folder}/${staged.version}`
        const manifest = `${folder}/manifest.json`
        const done = {
          version: staged.version,
          rows: staged.rows,
          folder,
          manifest,
          split: staged.split,
        }
        if ((await lake.stat(manifest)) !== null) return { ...done, created: false }
        const files = []
        for (const part of partNames) {
          const local = join(scratch, `${part}.parquet`)
          await connection.run(
            `COPY (SELECT * FROM staged WHERE split = '${part}' ORDER BY scan_id) TO ${quoteText(local)} (FORMAT parquet, COMPRESSION zstd)`,
          )
          const path = `${folder}/${part}.parquet`
          await lake.createFromFile(path, local)
          files.push({ path: `${part}.parquet`, rows: staged.split[part], ...(await digest(lake, path)) })
        }
        const content: TrainingManifest = {
          version: staged.version,
          origin: input.origin,
          sources,
          rows: staged.rows,
          labels: staged.labels,
          split: staged.split,
          schema: staged.schema,
          contentSha256: staged.contentSha256,
          files,
        }
        const created = await lake.create(manifest, `${JSON.stringify(content, null, 2)}\n`)
        return { ...done, created }
      },
      { versions: Object.fromEntries(pinned), ...(input.signal !== undefined && { signal: input.signal }) },
    )
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Runs the SELECT once into a file, as the view `staged` with the column `split`, and works out what the version is called. */
async function stage(connection: DuckDBConnection, input: TrainingDatasetInput, file: string) {
  const { sql, sqlFile } = input
  const described = await explained(sqlFile, async () => connection.runAndReadAll(`DESCRIBE (${sql}\n)`))
  const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
  for (const needed of ['scan_id', 'label']) {
    if (!columns.some((column) => column.name === needed)) {
      const given = columns.map((column) => column.name).join(', ')
      throw new DefinitionError(`${sqlFile} lacks the column ${needed}; it gives ${given}`)
    }
  }
  const cases = partNames.map((part) => `WHEN hash_key(scan_id) % 10 ${parts[part]} THEN '${part}'`)
  await explained(sqlFile, async () =>
    connection.run(
      `COPY (SELECT *, CASE ${cases.join(' ')} END AS split FROM (${sql}\n)) TO ${quoteText(file)} (FORMAT parquet)`,
    ),
  )
  await connection.run(`CREATE VIEW staged AS FROM read_parquet(${quoteText(file)})`)
  await refuseRepeated(connection, sqlFile)
  const schema = [...columns, { name: 'split', type: 'VARCHAR' }]
  const hash = createHash('sha256').update(JSON.stringify([sql, schema]))
  const ordered = await connection.stream(
    'SELECT sha256(CAST(to_json(s) AS VARCHAR)) FROM staged AS s ORDER BY scan_id',
  )
  for await (const rows of ordered.yieldRows()) {
    input.signal?.throwIfAborted()
    for (const [row] of rows) hash.update(String(row))
  }
  const contentSha256 = hash.digest('hex')
  const splits = await counts(connection, 'split')
  const split = {
    train: splits['train'] ?? 0,
    validation: splits['validation'] ?? 0,
    test: splits['test'] ?? 0,
  }
  return {
    version: contentSha256.slice(0, 16),
    contentSha256,
    schema,
    split,
    rows: split.train + split.validation + split.test,
    labels: await counts(connection, 'label'),
  }
}

async function refuseRepeated(connection: DuckDBConnection, sqlFile: string): Promise<void> {
  const found = await connection.runAndReadAll(
    'SELECT CAST(scan_id AS VARCHAR), count(*) FROM staged GROUP BY scan_id HAVING count(*) > 1 OR scan_id IS NULL ORDER BY 1 LIMIT 5',
  )
  const rows = found.getRows()
  if (rows.length === 0) return
  const shown = rows.map(([scan, n]) => `${scan === null ? 'null' : String(scan)}: ${String(n)}`).join(', ')
  throw new DataError(`${sqlFile} must give one row a scan; rows by scan_id: ${shown}`)
}

async function counts(connection: DuckDBConnection, column: 'split' | 'label') {
  const found = await connection.runAndReadAll(
    `SELECT coalesce(CAST(${column} AS VARCHAR), 'unknown') AS value, count(*) FROM staged GROUP BY value ORDER BY value`,
  )
  return Object.fromEntries(found.getRows().map(([value, n]): [string, number] => [String(value), Number(n)]))
}

/** Of what lies in the lake: an attempt before this one may have written it. */
async function digest(lake: Lake, path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of await lake.read(path)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
