import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { load } from 'js-yaml'
import { ZipFile } from 'yazl'
import type { ActivityFunction, Dependencies } from '../../../activities/activity.ts'
import { archiveInbox } from '../../../activities/gelsight/archive-inbox.ts'
import { findScans } from '../../../activities/gelsight/find-scans.ts'
import { ingestCalibrations } from '../../../activities/gelsight/ingest-calibrations.ts'
import { ingestImages } from '../../../activities/gelsight/ingest-images.ts'
import { ingestScans } from '../../../activities/gelsight/ingest-scans.ts'
import { validateBronze } from '../../../activities/gelsight/validate-bronze.ts'
import type { JsonObject, JsonValue } from '../../../adf/json.ts'
import type { ActivityProgress } from '../../../adf/run/status.ts'
import type { ZipLimits } from '../../../formats/zip/zip-reader.ts'
import { LocalLake } from '../../../lake/local/local-lake.ts'
import { tableContract } from '../../../tables/contract.ts'
import { openDuckDb } from '../../../tables/duckdb/open.ts'
import type { Warehouse } from '../../../warehouse/warehouse.ts'
import { openFixture, rowsOf, type Fixture } from '../../tables/fixture.ts'
import { invocationOf } from '../../support/invocation.ts'
import { dependenciesWith, testSettings } from '../../support/dependencies.ts'

const tableFolder = join(import.meta.dirname, '../../../factories/gelsight/table')

/** The activities of bronze_ingest over a lake of a test's own, called as the pipeline does. */
export interface Bronze extends AsyncDisposable {
  readonly fixture: Fixture
  /** One activity. `abortAfter`: the attempt dies at its n-th report of progress. `cursor`: what the one before had saved. */
  call(
    run: ActivityFunction,
    typeProperties: JsonObject,
    options?: { abortAfter?: number; triggerTime?: string; cursor?: JsonValue },
  ): Promise<JsonObject>
  /** The whole pipeline; outputs by activity. */
  ingest(batch: string, options?: { chunkSize?: number }): Promise<Record<string, JsonObject>>
  /** Rows of a bronze table, ordered by its key. */
  rows(table: string): Promise<Record<string, unknown>[]>
  /** Lake path → SHA-256 below a folder. */
  objects(folder: string): Promise<Record<string, string>>
  putZip(name: string, files: Record<string, string | Buffer>): Promise<void>
  putFile(path: string, content: string | Buffer): Promise<void>
  putFolder(name: string, from: string): Promise<void>
}

export const triggerTime = '2026-11-21T10:00:00.0000000Z'

/** `home`: a folder that stays, instead of one of the test's own; `onProgress`, `onCheckpoint`: called with what an activity reports. */
export async function openBronze(
  settings: {
    scanTimeZone?: string
    zip?: Partial<ZipLimits>
    home?: string
    onProgress?: (progress: Partial<ActivityProgress>) => void
    onCheckpoint?: (cursor: JsonValue) => void
  } = {},
): Promise<Bronze> {
  const fixture = settings.home === undefined ? await openFixture() : await openHome(settings.home)
  const { lake, duckdb, root } = fixture
  const resources = await freezeTables(fixture)
  const dependencies: Dependencies = dependenciesWith({
    lake,
    duckdb,
    warehouse: noWarehouse,
    settings: { ...testSettings, scanTimeZone: settings.scanTimeZone ?? 'UTC', zip: settings.zip ?? {} },
  })
  const call: Bronze['call'] = async (run, typeProperties, options = {}) => {
    const controller = new AbortController()
    let reports = 0
    const invocation = invocationOf(run.name, typeProperties, {
      run: { pipeline: 'bronze_ingest', batch: 'test', triggerTime: options.triggerTime ?? triggerTime },
      resources,
    })
    const context = {
      signal: controller.signal,
      attempt: 1,
      cursor: options.cursor ?? null,
      progress: (progress: Partial<ActivityProgress>) => {
        reports += 1
        settings.onProgress?.(progress)
        if (reports === options.abortAfter) controller.abort(new Error('the worker died'))
      },
      checkpoint: (cursor: JsonValue) => settings.onCheckpoint?.(cursor),
    }
    return run(invocation, context, dependencies)
  }
  return {
    fixture,
    call,
    async ingest(batch, options = {}) {
      const find = await call(findScans, { source: 'inbox', batch, chunkSize: options.chunkSize ?? 25 })
      const manifest = find['manifest'] ?? ''
      const chunks = asArray(find['chunks'])
      const outputs: Record<string, JsonObject> = { FindScans: find }
      for (const [index, chunk] of chunks.entries())
        outputs[`IngestScans ${index}`] = await call(ingestScans, { manifest, chunk })
      outputs['IngestCalibrations'] = await call(ingestCalibrations, { manifest })
      for (const [index, chunk] of chunks.entries())
        outputs[`IngestImages ${index}`] = await call(ingestImages, { manifest, chunk })
      outputs['ValidateBronze'] = await call(validateBronze, { manifest })
      outputs['ArchiveInbox'] = await call(archiveInbox, { manifest })
      return outputs
    },
    async rows(table) {
      const contract = tableContract.parse(load(await readFile(join(tableFolder, `${table}.yaml`), 'utf8')))
      return rowsOf(fixture, contract, contract.key.join(', '))
    },
    async objects(folder) {
      const found: Record<string, string> = {}
      for await (const { path } of lake.list(folder)) {
        found[path] = createHash('sha256')
          .update(await lake.readBytes(path))
          .digest('hex')
      }
      return found
    },
    async putZip(name, files) {
      const zip = new ZipFile()
      const mtime = new Date('2026-01-05T08:00:00Z')
      for (const [path, content] of Object.entries(files))
        zip.addBuffer(Buffer.from(content), path, { mtime })
      zip.end()
      const chunks: Buffer[] = []
      for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk as Buffer))
      await put(join(root, 'inbox', name), Buffer.concat(chunks))
    },
    putFile: (path, content) => put(join(root, 'inbox', path), content),
    async putFolder(name, from) {
      const target = join(root, 'inbox', name)
      await cp(from, target, { recursive: true, mode: 0 })
    },
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  }
}

async function openHome(home: string): Promise<Fixture> {
  const root = join(home, 'lake')
  const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb'), threads: 2, memoryLimit: '512MB' })
  return { root, lake: new LocalLake({ root }), duckdb, [Symbol.asyncDispose]: () => duckdb.close() }
}

export function asArray(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : []
}

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

async function freezeTables(fixture: Fixture): Promise<Record<string, string>> {
  const resources: Record<string, string> = {}
  for (const name of await readdir(tableFolder)) {
    if (!name.endsWith('.yaml')) continue
    const bytes = await readFile(join(tableFolder, name))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await fixture.lake.create(`_plans/${sha256}`, bytes)
    resources[`table/${name}`] = sha256
  }
  return resources
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
