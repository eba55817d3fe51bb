import { join } from 'node:path'
import type { ActivityFunction } from '../../activities/activity.ts'
import { archiveInbox } from '../../activities/gelsight/archive-inbox.ts'
import { findScans } from '../../activities/gelsight/find-scans.ts'
import { ingestCalibrations } from '../../activities/gelsight/ingest-calibrations.ts'
import { ingestImages } from '../../activities/gelsight/ingest-images.ts'
import { ingestScans } from '../../activities/gelsight/ingest-scans.ts'
import { validateBronze } from '../../activities/gelsight/validate-bronze.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { openDuckDb } from '../../tables/duckdb/open.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { dependenciesWith } from '../../test/support/dependencies.ts'
import { invocationOf } from '../../test/support/invocation.ts'
import { freezeFactory } from '../frozen-factory.ts'

/**
 * The activities of bronze_ingest that read and write files, as the pipeline calls them, without Temporal: from the inbox of a lake to its
 * archive. Answers the milliseconds of each activity.
 */
export async function ingestBatch(home: string, parallelism: number): Promise<Record<string, number>> {
  const lake = new LocalLake({ root: join(home, 'lake') })
  const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb'), threads: 2, memoryLimit: '1GB' })
  const resources = await freezeFactory(lake)
  const dependencies = dependenciesWith({ lake, duckdb, warehouse: noWarehouse })
  const times: Record<string, number> = {}
  const call = async (run: ActivityFunction, properties: JsonObject) => {
    const start = performance.now()
    const context = {
      signal: new AbortController().signal,
      attempt: 1,
      cursor: null,
      progress: () => undefined,
      checkpoint: () => undefined,
    }
    const output = await run(invocationOf(run.name, properties, { resources }), context, dependencies)
    times[run.name] = (times[run.name] ?? 0) + performance.now() - start
    return output
  }
  const forEach = async (items: readonly JsonValue[], work: (item: JsonValue) => Promise<unknown>) => {
    const left = [...items]
    await Promise.all(
      Array.from({ length: parallelism }, async () => {
        for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
      }),
    )
  }
  try {
    const found = await call(findScans, { source: 'inbox', batch: 'b1', chunkSize: 25 })
    const manifest = found['manifest'] ?? ''
    const chunks = Array.isArray(found['chunks']) ? found['chunks'] : []
    await forEach(chunks, (chunk) => call(ingestScans, { manifest, chunk }))
    await call(ingestCalibrations, { manifest })
    await forEach(chunks, (chunk) => call(ingestImages, { manifest, chunk }))
    await call(validateBronze, { manifest })
    const { archived } = await call(archiveInbox, { manifest })
    if (archived === 0) throw new Error('the inbox was not archived: nothing of the drops was ingested')
    return times
  } finally {
    await duckdb.close()
  }
}

/** These activities have nothing to do with the warehouse. */
const noWarehouse: Warehouse = {
  migrate: refuse,
  upsert: refuse,
  loaded: refuse,
  load: refuse,
  query: refuse,
  close: async () => undefined,
}

async function refuse(): Promise<never> {
  throw new Error('bronze activities use no warehouse')
}
