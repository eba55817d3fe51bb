import { createHash } from 'node:crypto'
import { findScansProperties } from '../../adf/activity/find-scans.ts'
import { DefinitionError } from '../../adf/errors.ts'
import { hasCalibrationName, isCalibration } from '../../formats/gelsight/calibration.ts'
import { baseName, safeSegment } from '../../formats/gelsight/file-name.ts'
import { readYaml } from '../../formats/yaml/read-yaml.ts'
import type { Lake } from '../../lake/lake.ts'
import { checkFolder } from '../../lake/path.ts'
import type { ActivityContext, ActivityFunction, ActivitySettings } from '../activity.ts'
import { parseProperties } from '../properties.ts'
import { appendBatchRows } from './append-batch-rows.ts'
import {
  batchFolder,
  manifestPath,
  readManifest,
  type CalibrationEntry,
  type Manifest,
  type ScanEntry,
  type Source,
  type SourceFile,
} from './batch-files.ts'
import { collect } from './collect.ts'
import { countNamedCalibrations } from './group-files.ts'
import { listSources, type FoundSource } from './list-sources.ts'
import { openSource } from './open-source.ts'
import { quarantineFolder, quarantineSource } from './quarantine.ts'
import { refusedSourceRow } from './rows.ts'
import { GuidOrder, readGuidStart } from './same-guid.ts'

/** No calibration is nearly as large. */
const yamlLimit = 2 ** 20

/**
 * Freezes what lies in a folder of the lake into the manifest of a batch: scans in chunks, calibrations, drops that cannot be read. A drop
 * that cannot be read at all goes to quarantine. The same batch again takes the manifest that is there.
 */
export const findScans: ActivityFunction = async (invocation, context, dependencies) => {
  const { source, batch, chunkSize, processedAt = '' } = parseProperties(findScansProperties, invocation)
  const { lake, settings } = dependencies
  const inbox = folderOf(source)
  checkBatch(batch)
  const path = manifestPath(batch)
  if ((await lake.stat(path)) === null) {
    const found = await search(
      lake,
      inbox,
      batch,
      chunkSize,
      timeOf(processedAt, invocation.run.triggerTime),
      settings.zip,
      context,
    )
    await lake.create(path, `${JSON.stringify(found)}\n`)
  }
  // Somebody else's manifest may have been faster: it is the one that counts.
  const manifest = await readManifest(lake, path)
  const refused = manifest.sources.filter((one) => one.refused !== null)
  const start = new Date().toISOString()
  for (const one of refused) {
    context.signal.throwIfAborted()
    await quarantineSource(lake, manifest, one)
  }
  const end = new Date().toISOString()
  await appendBatchRows({
    invocation,
    dependencies,
    table: 'bronze.ingestion_log',
    transaction: `${batch}/sources`,
    rows: refused.map((one) =>
      refusedSourceRow(manifest, one, { start, end }, quarantineFolder(manifest, one, '')),
    ),
  })
  return {
    batch: manifest.batch,
    manifest: path,
    scanCount: manifest.scanCount,
    calibrationCount: manifest.calibrationCount,
    fileCount: manifest.fileCount,
    totalBytes: manifest.totalBytes,
    quarantined: refused.length,
    chunks: manifest.chunks.map(({ index, offset, count }) => ({ index, offset, count })),
  }
}

function checkBatch(batch: string): void {
  if (safeSegment(batch) === batch) return
  throw new DefinitionError(
    `batch ${JSON.stringify(batch)} cannot be the name of a folder; use letters, digits, - and _`,
  )
}

function folderOf(source: string): string {
  try {
    const folder = checkFolder(source)
    if (folder !== '') return folder
  } catch (cause) {
    throw new DefinitionError(`source ${JSON.stringify(source)} is no folder of the lake`, { cause })
  }
  throw new DefinitionError('source is empty; name a folder of the lake such as inbox')
}

function timeOf(processedAt: string, triggerTime: string): string {
  const text = processedAt === '' ? triggerTime : processedAt
  const time = Date.parse(text)
  if (!Number.isFinite(time))
    throw new DefinitionError(
      `processedAt ${JSON.stringify(text)} is no time; write it as 2026-11-21T10:00:00Z`,
    )
  return new Date(time).toISOString()
}

async function search(
  lake: Lake,
  inbox: string,
  batch: string,
  chunkSize: number,
  processedAt: string,
  limits: ActivitySettings['zip'],
  context: ActivityContext,
): Promise<Manifest> {
  const chunks = new ChunkWriter(lake, batch, chunkSize)
  const sources: Source[] = []
  const calibrations: CalibrationEntry[] = []
  const named = new Set<string>()
  const order = new GuidOrder()
  let [files, bytes] = [0, 0]
  for await (const found of listSources(lake, inbox, limits)) {
    context.signal.throwIfAborted()
    const index = sources.length
    const { calibrations: own, guids } = await lookInside(lake, found, context.signal)
    const scans = found.refused === null ? found.grouped.scans : []
    const isEmpty = scans.length === 0 && own.length === 0
    const refused = found.refused ?? (isEmpty ? `${found.path} holds no scan.yaml and no calibration` : null)
    const { kind, path, etag } = found
    const { notes } = found.grouped
    sources.push({
      index,
      kind,
      path,
      etag,
      files: found.files,
      bytes: found.bytes,
      scans: scans.length,
      refused,
      notes,
    })
    for (const [place, scan] of scans.entries()) {
      const after = order.before(guids[place] ?? null, chunks.scans)
      await chunks.add({ source: index, ...scan, after })
    }
    calibrations.push(...own.map((file) => ({ source: index, file })))
    countNamedCalibrations(scans, named)
    for (const { path: name, size } of own) named.add(`${baseName(name)}\n${size}`)
    files += found.files
    bytes += found.bytes
    context.progress({ done: sources.length, total: null, unit: 'drops', bytes, rows: chunks.scans })
  }
  return {
    batch,
    source: inbox,
    processedAt,
    sources,
    chunks: await chunks.finish(),
    calibrations,
    scanCount: chunks.scans,
    calibrationCount: named.size,
    fileCount: files,
    totalBytes: bytes,
  }
}

interface Inside {
  readonly calibrations: SourceFile[]
  /** Of each scan, the start of its guid. */
  readonly guids: (number | null)[]
}

/** YAML is read here only where nothing else tells what it is: calibrations outside of scans, and which scans bear one guid. */
async function lookInside(lake: Lake, found: FoundSource, signal: AbortSignal): Promise<Inside> {
  const { scans, yaml } = found.grouped
  if (found.refused !== null || scans.length + yaml.length === 0) return { calibrations: [], guids: [] }
  const source = { index: 0, scans: 0, notes: [], ...found }
  const open = await openSource(lake, source)
  try {
    const calibrations: SourceFile[] = []
    for (const file of yaml) {
      if (hasCalibrationName(file.path)) calibrations.push(file)
      else if (file.size <= yamlLimit && isReadableCalibration(await collect(open.read(file)), file.path))
        calibrations.push(file)
    }
    const guids: (number | null)[] = []
    for (const scan of scans) {
      signal.throwIfAborted()
      guids.push(await readGuidStart(open, scan.files))
    }
    return { calibrations, guids }
  } finally {
    await open.close()
  }
}

function isReadableCalibration(bytes: Buffer, path: string): boolean {
  try {
    return isCalibration(readYaml(bytes, path).value, path)
  } catch {
    // Some other YAML file, which nobody asked to read.
    return false
  }
}

/**
 * Writes lists of scans as they are found, so that a million of them never lie in memory. A list is named after its content: what an
 * attempt that died has written disturbs nobody.
 */
class ChunkWriter {
  scans = 0
  private readonly lake: Lake
  private readonly folder: string
  private readonly size: number
  private readonly written: Manifest['chunks'] = []
  private pending: ScanEntry[] = []

  constructor(lake: Lake, batch: string, size: number) {
    this.lake = lake
    this.folder = `${batchFolder(batch)}/chunks`
    this.size = size
  }

  async add(scan: Omit<ScanEntry, 'index'>): Promise<void> {
    this.pending.push({ index: this.scans, ...scan })
    this.scans += 1
    if (this.pending.length === this.size) await this.flush()
  }

  async finish(): Promise<Manifest['chunks']> {
    if (this.pending.length > 0) await this.flush()
    return this.written
  }

  private async flush(): Promise<void> {
    const text = `${JSON.stringify({ scans: this.pending })}\n`
    const file = `${this.folder}/${createHash('sha256').update(text).digest('hex')}.json`
    await this.lake.create(file, text)
    const count = this.pending.length
    this.written.push({ index: this.written.length, offset: this.scans - count, count, file })
    this.pending = []
  }
}
