import { DataError } from '../../adf/errors.ts'
import { baseName, fileKind } from '../../formats/gelsight/file-name.ts'
import { Findings } from '../../formats/gelsight/finding.ts'
import { readScan } from '../../formats/gelsight/scan-record.ts'
import { readYaml } from '../../formats/yaml/read-yaml.ts'
import type { Lake } from '../../lake/lake.ts'
import {
  displayPath,
  sourceOf,
  type BroughtCalibration,
  type Manifest,
  type ScanEntry,
  type ScanOutcome,
} from './batch-files.ts'
import type { ProcessingLog } from './bronze-objects.ts'
import { commitScan } from './commit-scan.ts'
import { SourceChanged } from './open-source.ts'
import { parseScan } from './parse-scan.ts'
import { quarantineScan } from './quarantine.ts'
import type { SourceCache } from './source-cache.ts'
import { Staging, yamlBytes } from './stage-files.ts'

interface Input {
  readonly lake: Lake
  readonly manifest: Manifest
  readonly scan: ScanEntry
  readonly sources: SourceCache
  readonly timeZone: string
  readonly signal: AbortSignal
}

type Found = Pick<
  ScanOutcome,
  'outcome' | 'status' | 'scanId' | 'revision' | 'committedBy' | 'target' | 'error' | 'calibrations'
>

/** Commits one scan, or puts it into quarantine with the reason. Throws only when the outside world fails. */
export async function ingestScan(input: Input): Promise<ScanOutcome> {
  const { lake, manifest, scan } = input
  const source = sourceOf(manifest, scan.source)
  const start = new Date().toISOString()
  const staging = new Staging(lake)
  let found: Found
  try {
    found = await stageAndCommit(input, staging)
  } catch (error) {
    if (error instanceof SourceChanged) found = lost(error.message)
    else if (error instanceof Error && error.name === 'DataError') {
      await stageRest(input, staging)
      const scanId = await guidOf(staging, input.timeZone)
      const target = await quarantineScan(lake, manifest, source, scan, error.message, staging.files)
      const calibrations = candidatesIn(staging, target)
      found = { ...lost(error.message), outcome: 'quarantined', scanId, target, calibrations }
    } else throw error
  } finally {
    await staging.discard()
  }
  return {
    index: scan.index,
    source: scan.source,
    sourcePath: displayPath(source, scan.folder),
    ...found,
    files: scan.files.length,
    bytes: scan.files.reduce((sum, { size }) => sum + size, 0),
    start,
    end: new Date().toISOString(),
  }
}

async function stageAndCommit(input: Input, staging: Staging): Promise<Found> {
  const { lake, manifest, scan, timeZone } = input
  const source = sourceOf(manifest, scan.source)
  const open = await input.sources.open(scan.source)
  if (scan.problem !== null) throw new DataError(scan.problem)
  await staging.addAll(scan.files, open, input.signal)
  const parsed = await parseScan(staging, timeZone)
  const { outcome, log } = await commitScan(lake, parsed, staging.files, {
    batch: manifest.batch,
    sourcePath: displayPath(source, scan.folder),
    routineFolder:
      scan.folder === '' ? (source.kind === 'folder' ? baseName(source.path) : null) : baseName(scan.folder),
    processedAt: manifest.processedAt,
    timeZone,
  })
  return {
    outcome,
    status: log.status,
    scanId: log.scan_id,
    revision: log.revision,
    committedBy: log.batch,
    target: log.bronze_path,
    error: summaryOf(log),
    calibrations: broughtBy(log),
  }
}

/** Of a scan that is refused, the other files are kept too, as far as they can be read. */
async function stageRest(input: Input, staging: Staging): Promise<void> {
  const open = await input.sources.open(input.scan.source)
  const staged = new Set(staging.files.map(({ path }) => path.toLowerCase()))
  for (const file of input.scan.files) {
    if (file.problem !== null || staged.has(file.path.toLowerCase())) continue
    staged.add(file.path.toLowerCase())
    try {
      await staging.add(file, open, input.signal)
    } catch (error) {
      if (!(error instanceof Error && error.name === 'DataError')) throw error
    }
  }
}

function lost(error: string): Found {
  return {
    outcome: 'missing',
    status: 'FAILED',
    scanId: null,
    revision: null,
    committedBy: null,
    target: null,
    error,
    calibrations: [],
  }
}

/** Name of a scan that is refused, where its scan.yaml can be read all the same. */
async function guidOf(staging: Staging, timeZone: string): Promise<string | null> {
  const file = staging.files.find(({ path }) => path.toLowerCase() === 'scan.yaml')
  if (file === undefined) return null
  try {
    const { value } = readYaml(await staging.read(file), file.path)
    return readScan(value, file.path, timeZone, new Findings()).guid
  } catch (error) {
    if (error instanceof Error && error.name === 'DataError') return null
    throw error
  }
}

/** A calibration beside a scan that cannot be read is none the worse for it. */
function candidatesIn(staging: Staging, target: string): BroughtCalibration[] {
  return staging.files
    .filter(({ path, bytes }) => fileKind(path) === 'yaml' && bytes <= yamlBytes)
    .map(({ path, sha256, modified }) => ({
      fileName: baseName(path),
      sha256,
      object: `${target}/bytes/${path}`,
      modified,
    }))
}

function summaryOf(log: ProcessingLog): string | null {
  const errors = log.findings.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return null
  const shown = errors.slice(0, 5).map(({ place, message }) => `${place} ${message}`)
  const rest = errors.length > shown.length ? `; and ${errors.length - shown.length} more` : ''
  return `${shown.join('; ').slice(0, 2000)}${rest}`
}

function broughtBy(log: ProcessingLog): BroughtCalibration[] {
  return log.calibrations.map(({ path, sha256, modified }) => {
    const file = log.files.find((one) => one.path === path)
    const object = `${log.bronze_path}/${file?.bronze_path ?? ''}`
    return { fileName: baseName(path), sha256, object, modified }
  })
}
