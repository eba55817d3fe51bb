import { ingestScansProperties } from '../../adf/activity/ingest-scans.ts'
import type { JsonValue } from '../../adf/json.ts'
import type { Lake } from '../../lake/lake.ts'
import type { Row } from '../../tables/rows/values.ts'
import type { ActivityContext, ActivityFunction } from '../activity.ts'
import { parseProperties } from '../properties.ts'
import { appendBatchRows } from './append-batch-rows.ts'
import {
  chunkResult,
  findObject,
  outcomePath,
  readManifest,
  readObject,
  resultPath,
  scanOutcome,
  type ChunkOutcome,
  type Manifest,
  type ScanEntry,
  type ScanOutcome,
} from './batch-files.ts'
import { analysisResults, processingLog, scanMetadata } from './bronze-objects.ts'
import { claimRows } from './claim-content.ts'
import { ingestScan } from './ingest-scan.ts'
import { RecentObjects } from './recent-objects.ts'
import { measurementRows, outcomeRow, scanRow, shapeRows } from './rows.ts'
import { openPredecessors } from './same-guid.ts'
import { chunkPart, readChunk } from './scan-chunk.ts'
import { SourceCache } from './source-cache.ts'

/** Outcomes asked for together. */
const readsAtOnce = 16

/**
 * Commits the scans of one chunk to bronze, one by one, and then adds their rows to the tables. What became of a scan is written down in the
 * lake, and how many of the chunk are done in the heartbeat: an attempt after a crash goes on there and reads nothing twice. A heartbeat may
 * be late or lost, so the lake has the last word.
 */
export const ingestScans: ActivityFunction = async (invocation, context, dependencies) => {
  const { manifest: path, chunk } = parseProperties(ingestScansProperties, invocation)
  const { lake, settings } = dependencies
  const manifest = await readManifest(lake, path)
  const { batch } = manifest
  const resultFile = resultPath(batch, chunk.index)
  if ((await lake.stat(resultFile)) === null) {
    const scans = await readChunk(lake, manifest, chunk.index)
    const outcomes = await ingestAll(lake, manifest, scans, settings.scanTimeZone, context)
    // The last chance to stop: who claims rows also brings them, or a batch that is never run again would keep them for itself.
    context.signal.throwIfAborted()
    const result = { outcomes: await claimAll(lake, batch, chunkPart(chunk.index), outcomes) }
    await lake.create(resultFile, `${JSON.stringify(result)}\n`)
  }
  const { outcomes } = await readObject(lake, resultFile, chunkResult)
  const owned = outcomes.filter((one) => one.owned)
  const objects: ScanObjects = {
    metadata: new RecentObjects(lake, scanMetadata),
    logs: new RecentObjects(lake, processingLog),
    analyses: new RecentObjects(lake, analysisResults),
  }
  const append = (table: string, rows: AsyncIterable<Row> | Iterable<Row>) =>
    appendBatchRows({
      invocation,
      dependencies,
      table,
      transaction: `${batch}/${chunkPart(chunk.index)}`,
      rows,
    })
  await append('bronze.scans', scanRows(objects, manifest, owned))
  await append('bronze.shapes', analysisRows(objects, batch, owned, shapeRows))
  await append('bronze.measurements', analysisRows(objects, batch, owned, measurementRows))
  await append(
    'bronze.ingestion_log',
    outcomes.map((one) => outcomeRow(batch, one)),
  )
  const count = (outcome: ScanOutcome['outcome']) => outcomes.filter((one) => one.outcome === outcome).length
  return {
    batch,
    chunk: chunk.index,
    scans: outcomes.length,
    committed: count('committed'),
    revisions: count('revision'),
    duplicates: count('duplicate'),
    quarantined: count('quarantined'),
    missing: count('missing'),
    partial: outcomes.filter((one) => one.status === 'PARTIAL').length,
    files: outcomes.reduce((sum, one) => sum + one.files, 0),
    bytes: outcomes.reduce((sum, one) => sum + one.bytes, 0),
  }
}

async function ingestAll(
  lake: Lake,
  manifest: Manifest,
  scans: readonly ScanEntry[],
  timeZone: string,
  context: ActivityContext,
): Promise<ScanOutcome[]> {
  const sources = new SourceCache(lake, manifest)
  const outcomes = await outcomesBefore(lake, manifest.batch, scans, context.cursor)
  let bytes = outcomes.reduce((sum, outcome) => sum + outcome.bytes, 0)
  try {
    for (const scan of scans.slice(outcomes.length)) {
      context.signal.throwIfAborted()
      const outcome = await outcomeOf(scan)
      outcomes.push(outcome)
      bytes += outcome.bytes
      context.progress({ done: outcomes.length, total: scans.length, unit: 'scans', bytes, rows: 0 })
      context.checkpoint(outcomes.length)
    }
  } finally {
    await sources.close()
  }
  return outcomes

  async function outcomeOf(scan: ScanEntry): Promise<ScanOutcome> {
    const done = (index: number) => findObject(lake, outcomePath(manifest.batch, index), scanOutcome)
    const earlier = await done(scan.index)
    if (earlier !== null) return earlier
    // Rather than wait for another chunk, this one does its work: the same bytes, of which one attempt's are taken.
    const isDone = async (index: number) => (await done(index)) !== null
    for (const before of await openPredecessors(lake, manifest, scan, isDone)) {
      context.signal.throwIfAborted()
      await ingest(before)
    }
    return ingest(scan)
  }

  async function ingest(scan: ScanEntry): Promise<ScanOutcome> {
    const outcome = await ingestScan({ lake, manifest, scan, sources, timeZone, signal: context.signal })
    await lake.create(outcomePath(manifest.batch, scan.index), `${JSON.stringify(outcome)}\n`)
    return outcome
  }
}

/** Of the scans that the attempt before this one had done by its cursor, the outcomes in the lake: from the first to one that is missing. */
async function outcomesBefore(
  lake: Lake,
  batch: string,
  scans: readonly ScanEntry[],
  cursor: JsonValue,
): Promise<ScanOutcome[]> {
  const done = typeof cursor === 'number' ? scans.slice(0, cursor) : []
  const found: ScanOutcome[] = []
  for (let from = 0; from < done.length; from += readsAtOnce) {
    const part = done.slice(from, from + readsAtOnce)
    const read = await Promise.all(
      part.map((scan) => findObject(lake, outcomePath(batch, scan.index), scanOutcome)),
    )
    for (const outcome of read) {
      if (outcome === null) return found
      found.push(outcome)
    }
  }
  return found
}

/**
 * Decides for each scan whether this chunk brings its rows to the tables. A content that another batch committed without getting that
 * far is taken over here, so that nothing is lost when that batch never runs again.
 */
async function claimAll(
  lake: Lake,
  batch: string,
  part: string,
  outcomes: readonly ScanOutcome[],
): Promise<ChunkOutcome[]> {
  const claimed: ChunkOutcome[] = []
  const seen = new Set<string>()
  for (const outcome of outcomes) {
    const { target } = outcome
    const isOwn = outcome.outcome !== 'duplicate'
    // Within one batch it is the committing chunk that brings the rows, whoever comes first.
    const mayClaim = outcome.committedBy !== null && (isOwn || outcome.committedBy !== batch)
    const owned =
      mayClaim && target !== null && !seen.has(target) && (await claimRows(lake, target, batch, part))
    if (owned) seen.add(target)
    claimed.push({
      ...outcome,
      owned,
      ...(owned && !isOwn ? { outcome: outcome.revision === 0 ? 'committed' : 'revision' } : {}),
    })
  }
  return claimed
}

/** What the rows of scans come from. */
interface ScanObjects {
  readonly metadata: RecentObjects<typeof scanMetadata>
  readonly logs: RecentObjects<typeof processingLog>
  readonly analyses: RecentObjects<typeof analysisResults>
}

async function* scanRows(
  objects: ScanObjects,
  manifest: Manifest,
  owned: readonly ChunkOutcome[],
): AsyncGenerator<Row> {
  for (const { target } of owned) {
    const metadata = await objects.metadata.read(`${target}/metadata/scan_metadata.json`)
    const log = await objects.logs.read(`${target}/processing_log.json`)
    yield scanRow(metadata, log, manifest.batch, manifest.processedAt)
  }
}

async function* analysisRows(
  objects: ScanObjects,
  batch: string,
  owned: readonly ChunkOutcome[],
  rowsOf: typeof shapeRows,
): AsyncGenerator<Row> {
  for (const { target } of owned) {
    const metadata = await objects.metadata.read(`${target}/metadata/scan_metadata.json`)
    const analysis = await objects.analyses.read(`${target}/metadata/analysis_results.json`)
    yield* rowsOf(metadata, analysis, batch)
  }
}
