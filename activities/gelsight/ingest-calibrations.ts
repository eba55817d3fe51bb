import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { ingestCalibrationsProperties } from '../../adf/activity/ingest-calibrations.ts'
import { DataError } from '../../adf/errors.ts'
import { hasCalibrationName, isCalibration } from '../../formats/gelsight/calibration.ts'
import { baseName, calibrationName, safeSegment } from '../../formats/gelsight/file-name.ts'
import { readYaml } from '../../formats/yaml/read-yaml.ts'
import type { Lake } from '../../lake/lake.ts'
import type { Row } from '../../tables/rows/values.ts'
import type { ActivityContext, ActivityFunction } from '../activity.ts'
import { parseProperties } from '../properties.ts'
import { appendBatchRows } from './append-batch-rows.ts'
import {
  calibrationsDonePath,
  displayPath,
  readManifest,
  readObject,
  sourceOf,
  type Manifest,
} from './batch-files.ts'
import { processingLog, scanMetadata } from './bronze-objects.ts'
import { claimRows } from './claim-content.ts'
import { collect } from './collect.ts'
import {
  calibrationMetadata,
  commitCalibration,
  type CalibrationFile,
  type CalibrationMetadata,
} from './commit-calibration.ts'
import { SourceChanged } from './open-source.ts'
import { quarantineFile, quarantineUnread } from './quarantine.ts'
import { readResult } from './scan-chunk.ts'
import { hashKey } from './scan-identity.ts'
import { SourceCache } from './source-cache.ts'
import { yamlBytes } from './stage-files.ts'

const calibrationOutcome = z.strictObject({
  calibrationId: z.string().nullable(),
  fileName: z.string(),
  sha256: z.string(),
  outcome: z.enum(['committed', 'duplicate', 'quarantined', 'missing']),
  /** Folder in bronze or in quarantine. */
  target: z.string().nullable(),
  error: z.string().nullable(),
})

/** `calibrations.json` of a batch: each content once. */
export const calibrationOutcomes = z.strictObject({ calibrations: z.array(calibrationOutcome) })

type Outcome = z.output<typeof calibrationOutcome>

/** One content and how to get at its bytes. */
interface Candidate extends CalibrationFile {
  read(): Promise<Buffer>
}

/**
 * Commits the calibrations of a batch: those that lay in scan folders, from bronze, and those outside, from the drops. Each content once,
 * whatever it is called. Then says which scan uses which.
 */
export const ingestCalibrations: ActivityFunction = async (invocation, context, dependencies) => {
  const { manifest: path } = parseProperties(ingestCalibrationsProperties, invocation)
  const { lake, settings } = dependencies
  const manifest = await readManifest(lake, path)
  const { batch } = manifest
  const donePath = calibrationsDonePath(batch)
  if ((await lake.stat(donePath)) === null) {
    const outcomes = await ingestAll(lake, manifest, settings.scanTimeZone, context)
    // The last chance to stop: who claims rows also brings them.
    context.signal.throwIfAborted()
    for (const one of outcomes) {
      if (one.outcome !== 'committed' || one.target === null) continue
      if (!(await claimRows(lake, one.target, batch, 'calibrations'))) one.outcome = 'duplicate'
    }
    await lake.create(donePath, `${JSON.stringify({ calibrations: outcomes })}\n`)
  }
  const { calibrations } = await readObject(lake, donePath, calibrationOutcomes)
  const append = (table: string, rows: AsyncIterable<Row>) =>
    appendBatchRows({ invocation, dependencies, table, transaction: `${batch}/calibrations`, rows })
  await append('bronze.calibrations', calibrationRows(lake, batch, calibrations))
  await append('bronze.scan_calibrations', scanCalibrationRows(lake, manifest, calibrations))
  const count = (outcome: Outcome['outcome']) => calibrations.filter((one) => one.outcome === outcome).length
  return {
    batch,
    calibrations: calibrations.length,
    committed: count('committed'),
    duplicates: count('duplicate'),
    quarantined: count('quarantined'),
    missing: count('missing'),
  }
}

async function ingestAll(
  lake: Lake,
  manifest: Manifest,
  timeZone: string,
  context: ActivityContext,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const seen = new Set<string>()
  const sources = new SourceCache(lake, manifest)
  try {
    for await (const candidate of candidatesOf(lake, manifest, sources)) {
      context.signal.throwIfAborted()
      if ('outcome' in candidate) outcomes.push(candidate)
      else if (!seen.has(candidate.sha256)) {
        seen.add(candidate.sha256)
        const outcome = await ingestOne(lake, manifest, candidate, timeZone)
        if (outcome !== null) outcomes.push(outcome)
      }
      context.progress({ done: outcomes.length, total: null, unit: 'calibrations' })
    }
  } finally {
    await sources.close()
  }
  return outcomes
}

async function* candidatesOf(
  lake: Lake,
  manifest: Manifest,
  sources: SourceCache,
): AsyncGenerator<Candidate | Outcome> {
  for (const chunk of manifest.chunks) {
    for (const scan of await readResult(lake, manifest, chunk.index)) {
      for (const { fileName, sha256, object, modified } of scan.calibrations) {
        const sourcePath = `${scan.sourcePath}/${fileName}`
        yield { fileName, sha256, modified, sourcePath, read: () => lake.readBytes(object) }
      }
    }
  }
  for (const { source, file } of manifest.calibrations) {
    const at = sourceOf(manifest, source)
    const sourcePath = at.kind === 'file' ? at.path : displayPath(at, file.path)
    const fileName = baseName(file.path)
    const open = () => sources.open(source)
    try {
      if (file.size > yamlBytes)
        throw new DataError(`${sourcePath} has ${file.size} bytes; at most ${yamlBytes} are read`)
      const bytes = await collect((await open()).read(file))
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      yield { fileName, sha256, modified: file.modified, sourcePath, read: async () => bytes }
    } catch (error) {
      const base = { calibrationId: null, fileName, sha256: '' }
      if (error instanceof SourceChanged)
        yield { ...base, outcome: 'missing', target: null, error: error.message }
      else if (isDataError(error)) {
        const target = quarantineOf(manifest, fileName, hashKey(sourcePath))
        const content = async () => Readable.from((await open()).read(file))
        await quarantineUnread(lake, target, safeSegment(fileName), content, sourcePath, error.message)
        yield { ...base, outcome: 'quarantined', target, error: error.message }
      } else throw error
    }
  }
}

function quarantineOf({ batch }: Manifest, fileName: string, hash: string): string {
  return `bronze/quarantine/${batch}/_calibrations/${safeSegment(fileName)}-${hash.slice(0, 8)}`
}

/** Null: the file is no calibration after all. */
async function ingestOne(
  lake: Lake,
  manifest: Manifest,
  candidate: Candidate,
  timeZone: string,
): Promise<Outcome | null> {
  const { batch, processedAt } = manifest
  const { fileName, sha256, sourcePath } = candidate
  const bytes = await candidate.read()
  try {
    if (!isCalibration(readYaml(bytes, fileName).value, fileName)) return null
    const done = await commitCalibration(lake, candidate, bytes, { batch, processedAt, timeZone })
    return {
      calibrationId: done.calibration_id,
      fileName,
      sha256,
      outcome: 'committed',
      target: done.bronze_path,
      error: null,
    }
  } catch (error) {
    if (!isDataError(error)) throw error
    if (!hasCalibrationName(fileName)) return null
    const target = quarantineOf(manifest, fileName, sha256)
    await quarantineFile(lake, target, safeSegment(fileName), bytes, sourcePath, error.message)
    return { calibrationId: null, fileName, sha256, outcome: 'quarantined', target, error: error.message }
  }
}

async function* calibrationRows(
  lake: Lake,
  batch: string,
  outcomes: readonly Outcome[],
): AsyncGenerator<Row> {
  for (const { outcome, target } of outcomes) {
    if (outcome !== 'committed' || target === null) continue
    const metadata = await readObject(lake, `${target}/calib_metadata.json`, calibrationMetadata)
    yield { ...calibrationRow(metadata), batch_id: batch }
  }
}

function calibrationRow(metadata: CalibrationMetadata): Row {
  const { findings: _findings, revision: _revision, ...row } = metadata
  return row
}

/** Which calibration each scan uses: the file beside it, one of the drop by that name, or the bare name. */
async function* scanCalibrationRows(
  lake: Lake,
  manifest: Manifest,
  outcomes: readonly Outcome[],
): AsyncGenerator<Row> {
  const ofDrop = new Map<string, Outcome>()
  for (const one of outcomes) {
    if (one.calibrationId === null) continue
    const name = calibrationName(one.fileName).toLowerCase()
    if (!ofDrop.has(name)) ofDrop.set(name, one)
  }
  for (const chunk of manifest.chunks) {
    for (const { owned, target } of await readResult(lake, manifest, chunk.index)) {
      if (!owned) continue
      const metadata = await readObject(lake, `${target}/metadata/scan_metadata.json`, scanMetadata)
      const log = await readObject(lake, `${target}/processing_log.json`, processingLog)
      const named = metadata.calibration_id
      if (named === null) continue
      const beside = log.calibrations.find((one) => one.calibration_id === named)
      const inDrop = beside === undefined ? ofDrop.get(named.toLowerCase()) : undefined
      yield {
        scan_id: metadata.scan_id,
        revision: metadata.revision,
        batch_id: manifest.batch,
        calibration_id: inDrop?.calibrationId ?? named,
        calib_text: metadata.calib_text,
        content_sha256: beside?.sha256 ?? inDrop?.sha256 ?? null,
        scan_created_at: metadata.created_at,
      }
    }
  }
}

function isDataError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'DataError'
}
