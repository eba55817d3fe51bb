import { validateBronzeProperties } from '../../adf/activity/validate-bronze.ts'
import { calibrationName, safeSegment } from '../../formats/gelsight/file-name.ts'
import type { Finding } from '../../formats/gelsight/finding.ts'
import type { Lake } from '../../lake/lake.ts'
import type { Row } from '../../tables/rows/values.ts'
import type { ActivityFunction } from '../activity.ts'
import { parseProperties } from '../properties.ts'
import { appendBatchRows } from './append-batch-rows.ts'
import {
  calibrationsDonePath,
  readManifest,
  readObject,
  type ChunkOutcome,
  type Manifest,
} from './batch-files.ts'
import { processingLog, scanMetadata, type ProcessingLog } from './bronze-objects.ts'
import { calibrationMetadata } from './commit-calibration.ts'
import { calibrationOutcomes } from './ingest-calibrations.ts'
import { hashKey } from './scan-identity.ts'
import { chunkPart, readResult } from './scan-chunk.ts'

/** Findings that are rows: of a scan, or of a calibration. */
interface Found extends Finding {
  readonly scan: { readonly id: string; readonly revision: number } | null
  readonly calibration: string | null
}

class Tally {
  readonly bySeverity = { error: 0, warning: 0 }
  readonly byRule: Record<string, number> = {}

  add({ rule, severity }: Finding): void {
    this.bySeverity[severity] += 1
    this.byRule[rule] = (this.byRule[rule] ?? 0) + 1
  }
}

/**
 * Writes each finding about the scans and calibrations of a batch as a row: what was found in a scan's own files when it was committed, and what
 * only shows when everything is in place: that its objects are all there, and that its calibration is known.
 */
export const validateBronze: ActivityFunction = async (invocation, context, dependencies) => {
  const { manifest: path } = parseProperties(validateBronzeProperties, invocation)
  const { lake } = dependencies
  const manifest = await readManifest(lake, path)
  const { batch } = manifest
  const tally = new Tally()
  const known = await knownCalibrations(lake, manifest)
  const append = (part: string, found: readonly Found[]) =>
    appendBatchRows({
      invocation,
      dependencies,
      table: 'bronze.validation_findings',
      transaction: `${batch}/${part}`,
      rows: found.map((one) => findingRow(batch, one)),
    })
  for (const chunk of manifest.chunks) {
    const found: Found[] = []
    for (const outcome of await readResult(lake, manifest, chunk.index)) {
      context.signal.throwIfAborted()
      if (outcome.owned) found.push(...(await findingsOf(lake, outcome, known)))
    }
    for (const one of found) tally.add(one)
    await append(chunkPart(chunk.index), found)
    context.progress({ done: chunk.index + 1, total: manifest.chunks.length, unit: 'chunks' })
  }
  const ofCalibrations = await calibrationFindings(lake, manifest)
  for (const one of ofCalibrations) tally.add(one)
  await append('calibrations', ofCalibrations)
  const { error, warning } = tally.bySeverity
  return { batch, findings: error + warning, errors: error, warnings: warning, byRule: tally.byRule }
}

async function findingsOf(lake: Lake, outcome: ChunkOutcome, known: ReadonlySet<string>): Promise<Found[]> {
  const { target } = outcome
  const log = await readObject(lake, `${target}/processing_log.json`, processingLog)
  const metadata = await readObject(lake, `${target}/metadata/scan_metadata.json`, scanMetadata)
  const findings: Finding[] = [...log.findings, ...(await objectFindings(lake, log))]
  const { calibration_id: id } = metadata
  if (id !== null && !known.has(safeSegment(id).toLowerCase())) {
    findings.push({
      rule: 'calibration.exists',
      severity: 'warning',
      place: 'scan.yaml:calib',
      message: `calibration ${id} never arrived`,
    })
  }
  const scan = { id: log.scan_id, revision: log.revision }
  return findings.map((finding) => ({ ...finding, scan, calibration: null }))
}

/** Every file that was committed lies in bronze with its size. */
async function objectFindings(lake: Lake, log: ProcessingLog): Promise<Finding[]> {
  const sizes = new Map<string, number>()
  for await (const { path, size } of lake.list(log.bronze_path)) sizes.set(path, size)
  return log.files.flatMap((file) => {
    const size = sizes.get(`${log.bronze_path}/${file.bronze_path}`)
    if (size === file.bytes) return []
    const message =
      size === undefined ? 'is missing' : `has ${size} bytes; it was committed with ${file.bytes}`
    return [{ rule: 'bronze.object_complete', severity: 'error', place: file.bronze_path, message }]
  })
}

/** By id and by the file names of this batch; in lower case, since Windows paths in scans do not care. */
async function knownCalibrations(lake: Lake, manifest: Manifest): Promise<ReadonlySet<string>> {
  const folders = (await lake.children('bronze/calibrations')).map(({ name }) => name)
  const { calibrations } = await readObject(lake, calibrationsDonePath(manifest.batch), calibrationOutcomes)
  const names = calibrations
    .filter(({ calibrationId }) => calibrationId !== null)
    .map(({ fileName }) => safeSegment(calibrationName(fileName)))
  return new Set([...folders, ...names].map((name) => name.toLowerCase()))
}

async function calibrationFindings(lake: Lake, manifest: Manifest): Promise<Found[]> {
  const path = calibrationsDonePath(manifest.batch)
  const found: Found[] = []
  for (const one of (await readObject(lake, path, calibrationOutcomes)).calibrations) {
    if (one.outcome === 'committed') {
      const metadata = await readObject(lake, `${one.target}/calib_metadata.json`, calibrationMetadata)
      const place = (finding: Finding) => `${finding.place} (${metadata.content_sha256.slice(0, 8)})`
      found.push(
        ...metadata.findings.map((finding) => ({
          ...finding,
          place: place(finding),
          scan: null,
          calibration: metadata.calibration_id,
        })),
      )
    } else if (one.outcome === 'quarantined') {
      const message = one.error ?? 'cannot be read'
      found.push({
        rule: 'calibration.readable',
        severity: 'error',
        place: one.target ?? one.fileName,
        message,
        scan: null,
        calibration: null,
      })
    }
  }
  return found
}

function findingRow(batch: string, found: Found): Row {
  const { scan, calibration, rule, severity, place, message } = found
  return {
    finding_id: hashKey(scan?.id ?? null, scan?.revision ?? null, calibration, rule, place),
    batch_id: batch,
    scan_id: scan?.id ?? null,
    revision: scan?.revision ?? null,
    calibration_id: calibration,
    rule,
    severity,
    place,
    message,
  }
}
