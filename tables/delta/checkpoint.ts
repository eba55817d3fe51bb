import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { Lake } from '../../lake/lake.ts'
import type { DuckDb } from '../duckdb/duckdb.ts'
import { quoteText } from '../duckdb/sql.ts'
import { type Action, action } from './actions.ts'
import { checkpointPath, lastCheckpointPath, padded } from './paths.ts'
import { type Snapshot, emptySnapshot, replay } from './snapshot.ts'

/** The columns of a checkpoint, by PROTOCOL.md's "Checkpoint schema", in DuckDB's types. */
const columns = {
  protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER)',
  metaData: `STRUCT(id VARCHAR, "name" VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)),
    schemaString VARCHAR, partitionColumns VARCHAR[], configuration MAP(VARCHAR, VARCHAR), createdTime BIGINT)`,
  txn: 'STRUCT(appId VARCHAR, "version" BIGINT, lastUpdated BIGINT)',
  add: `STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime BIGINT, dataChange BOOLEAN,
    stats VARCHAR, tags MAP(VARCHAR, VARCHAR))`,
  remove: `STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN,
    partitionValues MAP(VARCHAR, VARCHAR), size BIGINT)`,
} as const

/** How long a checkpoint remembers removed files; Delta's default for `delta.deletedFileRetentionDuration`. */
export const tombstoneRetentionMs = 7 * 24 * 3600 * 1000

const lastCheckpoint = z.object({
  version: z.number(),
  size: z.number().nullish(),
  parts: z.number().nullish(),
})
const lastCheckpointText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue('no JSON')
      return z.NEVER
    }
  })
  .pipe(lastCheckpoint)
type LastCheckpoint = z.output<typeof lastCheckpoint>

/** Writes the snapshot as `….checkpoint.parquet`, then points `_last_checkpoint` at it. May be repeated and raced. */
export async function writeCheckpoint(
  lake: Lake,
  duckdb: DuckDb,
  folder: string,
  snapshot: Snapshot,
  now: number,
): Promise<void> {
  const scratch = await lake.scratch()
  const lines = join(scratch, `checkpoint-${randomUUID()}.ndjson`)
  const file = join(scratch, `checkpoint-${randomUUID()}.parquet`)
  const typed = Object.entries(columns).map(([name, type]) => `"${name}": ${quoteText(type)}`)
  try {
    let longest = 0
    const text = linesOf(snapshot, now).map((line) => {
      longest = Math.max(longest, Buffer.byteLength(line))
      return line
    })
    await pipeline(Readable.from(text), createWriteStream(lines))
    await duckdb.session(async (connection) => {
      await connection.run(
        `COPY (SELECT * FROM read_json(${quoteText(lines)}, format = 'newline_delimited', maximum_object_size = ${objectSize(longest)}, columns = {${typed.join(', ')}}))
         TO ${quoteText(file)} (FORMAT parquet, COMPRESSION snappy)`,
      )
    })
    await lake.createFromFile(checkpointPath(folder, snapshot.version), file)
  } finally {
    await Promise.all([rm(lines, { force: true }), rm(file, { force: true })])
  }
  await pointTo(lake, folder, { version: snapshot.version, size: actionCount(snapshot) })
}

/** DuckDB's JSON reader takes buffers of twice this size for each thread at once: so no larger than it must be. */
function objectSize(longest: number): number {
  return Math.max(2 * longest, 2 ** 20)
}

function* actionsOf(snapshot: Snapshot, now: number): Generator<Action> {
  if (snapshot.protocol !== null) yield { protocol: snapshot.protocol }
  if (snapshot.metadata !== null) yield { metaData: snapshot.metadata }
  for (const txn of snapshot.transactions.values()) yield { txn }
  for (const remove of snapshot.tombstones.values()) {
    if ((remove.deletionTimestamp ?? 0) > now - tombstoneRetentionMs)
      yield { remove: { ...remove, dataChange: false } }
  }
  for (const add of snapshot.files.values()) yield { add: { ...add, dataChange: false } }
}

function* linesOf(snapshot: Snapshot, now: number): Generator<string> {
  for (const one of actionsOf(snapshot, now)) yield `${JSON.stringify(one)}\n`
}

function actionCount(snapshot: Snapshot): number {
  return 2 + snapshot.transactions.size + snapshot.tombstones.size + snapshot.files.size
}

/** Never points back to an older checkpoint; a lost race means that somebody wrote a newer pointer. */
async function pointTo(lake: Lake, folder: string, target: LastCheckpoint): Promise<void> {
  const path = lastCheckpointPath(folder)
  for (;;) {
    const stat = await lake.stat(path)
    const present = stat === null ? null : await readLastCheckpoint(lake, folder)
    if (present !== null && present.version >= target.version) return
    if (await lake.replace(path, JSON.stringify(target), stat?.etag ?? null)) return
  }
}

/** Null where there is none or where it cannot be understood: then the log is replayed from its start. */
export async function readLastCheckpoint(lake: Lake, folder: string): Promise<LastCheckpoint | null> {
  const path = lastCheckpointPath(folder)
  if ((await lake.stat(path)) === null) return null
  const parsed = lastCheckpointText.safeParse(await lake.readText(path))
  return parsed.success ? parsed.data : null
}

/** The snapshot that a checkpoint holds. Also reads those of Spark and delta-rs, in one part or many. */
export async function readCheckpoint(
  lake: Lake,
  duckdb: DuckDb,
  folder: string,
  { version, parts }: LastCheckpoint,
): Promise<Snapshot> {
  const paths =
    parts == null
      ? [checkpointPath(folder, version)]
      : Array.from(
          { length: parts },
          (_, index) =>
            `${folder}/_delta_log/${padded(version)}.checkpoint.${part(index + 1)}.${part(parts)}.parquet`,
        )
  const list = paths.map((path) => quoteText(lake.location(path))).join(', ')
  const lines = join(await lake.scratch(), `checkpoint-${randomUUID()}.ndjson`)
  try {
    return await duckdb.session(async (connection) => {
      const source = `read_parquet([${list}], hive_partitioning = false)`
      const present = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`)
      const wanted = new Set(Object.keys(columns))
      const names = present
        .getRows()
        .flatMap(([name]) => (wanted.has(String(name)) ? [`"${String(name)}"`] : []))
      await connection.run(
        `COPY (SELECT ${names.join(', ')} FROM ${source}) TO ${quoteText(lines)} (FORMAT json)`,
      )
      return replay(emptySnapshot, version, await readLines(lines))
    })
  } finally {
    await rm(lines, { force: true })
  }
}

function part(index: number): string {
  return index.toString().padStart(10, '0')
}

async function readLines(file: string): Promise<z.output<typeof action>[]> {
  const actions: z.output<typeof action>[] = []
  let rest = ''
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = `${rest}${String(chunk)}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) actions.push(action.parse(JSON.parse(line)))
  }
  return actions
}
