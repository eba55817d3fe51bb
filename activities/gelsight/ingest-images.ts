import { ingestImagesProperties } from '../../adf/activity/ingest-images.ts'
import type { Row } from '../../tables/rows/values.ts'
import type { ActivityFunction } from '../activity.ts'
import { parseProperties } from '../properties.ts'
import { appendBatchRows } from './append-batch-rows.ts'
import { readManifest, type ChunkOutcome } from './batch-files.ts'
import { processingLog, type ProcessingLog } from './bronze-objects.ts'
import { RecentObjects } from './recent-objects.ts'
import { heightmapRows, imageRows } from './rows.ts'
import { chunkPart, readResult } from './scan-chunk.ts'

/** Adds rows for the images and height maps of a chunk, from the facts that were gathered while they were copied. */
export const ingestImages: ActivityFunction = async (invocation, context, dependencies) => {
  const { manifest: path, chunk } = parseProperties(ingestImagesProperties, invocation)
  const { lake } = dependencies
  const manifest = await readManifest(lake, path)
  const { batch } = manifest
  const owned = (await readResult(lake, manifest, chunk.index)).filter((one) => one.owned)
  const logs = new RecentObjects(lake, processingLog)
  const count = { images: 0, heightmaps: 0, unreadable: 0 }
  for await (const log of logsOf(logs, owned)) {
    context.signal.throwIfAborted()
    for (const { image, tmd } of log.files) {
      if (image !== null) count.images += 1
      if (tmd !== null) count.heightmaps += 1
      if ((image ?? tmd)?.problem) count.unreadable += 1
    }
    context.progress({ done: count.images + count.heightmaps, total: null, unit: 'files' })
  }
  const append = (table: string, rows: AsyncIterable<Row>) =>
    appendBatchRows({
      invocation,
      dependencies,
      table,
      transaction: `${batch}/${chunkPart(chunk.index)}`,
      rows,
    })
  await append(
    'bronze.images',
    rowsOf(logs, owned, (log) => imageRows(log, batch)),
  )
  await append(
    'bronze.heightmaps',
    rowsOf(logs, owned, (log) => heightmapRows(log, batch)),
  )
  return { batch, chunk: chunk.index, ...count }
}

type Logs = RecentObjects<typeof processingLog>

async function* logsOf(logs: Logs, owned: readonly ChunkOutcome[]): AsyncGenerator<ProcessingLog> {
  for (const { target } of owned) yield await logs.read(`${target}/processing_log.json`)
}

async function* rowsOf(
  logs: Logs,
  owned: readonly ChunkOutcome[],
  read: (log: ProcessingLog) => Iterable<Row>,
): AsyncGenerator<Row> {
  for await (const log of logsOf(logs, owned)) yield* read(log)
}
