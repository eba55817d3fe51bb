import {
  checkReferences,
  mergeAnalyses,
  readAnalysis,
  type Analysis,
} from '../../formats/gelsight/analysis.ts'
import { hasCalibrationName, isCalibration, readCalibration } from '../../formats/gelsight/calibration.ts'
import { calibrationName, fileKind } from '../../formats/gelsight/file-name.ts'
import { Findings, type Finding } from '../../formats/gelsight/finding.ts'
import { readScan, type ScanRecord } from '../../formats/gelsight/scan-record.ts'
import { readYaml, type YamlMapping } from '../../formats/yaml/read-yaml.ts'
import { bronzePaths, findNamed, imageKind, isOwnFile } from './bronze-layout.ts'
import type { BesideCalibration, BronzeFile } from './bronze-objects.ts'
import { checkScan } from './check-scan.ts'
import { contentHash, idOfContent } from './scan-identity.ts'
import type { StagedFile, Staging } from './stage-files.ts'

/** All that is known of a scan from its own files: a function of its content and of the zone. */
export interface ParsedScan {
  readonly scanId: string
  readonly contentSha256: string
  readonly record: ScanRecord
  readonly analysis: Analysis
  readonly files: BronzeFile[]
  readonly calibrations: BesideCalibration[]
  readonly findings: Finding[]
}

const empty: Analysis = { shapes: [], routines: [] }

/**
 * Reads the staged files of a scan. Throws a DataError where scan.yaml cannot be read: then there is no scan. Everything else that
 * cannot be read becomes a finding.
 */
export async function parseScan(staging: Staging, zone: string): Promise<ParsedScan> {
  const findings = new Findings()
  const scanFile = staging.files.find((file) => fileKind(file.path) === 'scan' && !file.path.includes('/'))
  if (scanFile === undefined) throw new TypeError('a scan was staged without its scan.yaml')
  const yaml = await readStaged(staging, scanFile, findings)
  const scan = readScan(yaml, scanFile.path, zone, findings)
  const legacy = readAnalysis(yaml, scanFile.path, zone, findings)
  const analysis = mergeAnalyses(await readContext(staging, zone, findings), legacy)
  checkReferences(analysis, findings)
  const calibrations = await readCalibrations(staging, zone, findings)
  const record = { ...scan, calibration_id: calibrationOf(scan, calibrations, findings) }
  const files = bronzeFiles(staging.files, record)
  checkScan(record, files, findings)
  const contentSha256 = contentHash(staging.files)
  return {
    scanId: record.guid ?? idOfContent(contentSha256),
    contentSha256,
    record,
    analysis,
    files,
    calibrations,
    findings: findings.list(),
  }
}

async function readStaged(staging: Staging, file: StagedFile, findings: Findings): Promise<YamlMapping> {
  const { value, warnings } = readYaml(await staging.read(file), file.path)
  for (const warning of warnings) findings.warning('yaml.clean', file.path, warning)
  return value
}

async function readContext(staging: Staging, zone: string, findings: Findings): Promise<Analysis> {
  const file = findNamed(staging.files, 'scancontext.yaml')
  if (file === undefined) return empty
  try {
    return readAnalysis(await readStaged(staging, file, findings), file.path, zone, findings)
  } catch (error) {
    findings.error('context.readable', file.path, dataErrorMessage(error))
    return empty
  }
}

async function readCalibrations(
  staging: Staging,
  zone: string,
  findings: Findings,
): Promise<BesideCalibration[]> {
  const found: BesideCalibration[] = []
  for (const file of staging.files) {
    if (fileKind(file.path) !== 'yaml') continue
    try {
      const { value } = readYaml(await staging.read(file), file.path)
      if (!isCalibration(value, file.path)) continue
      const { calibration_id } = readCalibration(value, file.path, zone, new Findings())
      found.push({ path: file.path, sha256: file.sha256, calibration_id, modified: file.modified })
    } catch (error) {
      const message = dataErrorMessage(error)
      if (hasCalibrationName(file.path)) findings.error('calibration.readable', file.path, message)
    }
  }
  return found
}

/** The calibration that scan.yaml names, by its own id where the file lies beside it; the one beside it where none is named. */
function calibrationOf(
  scan: ScanRecord,
  beside: readonly BesideCalibration[],
  findings: Findings,
): string | null {
  const named = scan.calibration_id
  if (named !== null) {
    const file = beside.find(({ path }) => calibrationName(path).toLowerCase() === named.toLowerCase())
    return file?.calibration_id ?? named
  }
  const ids = new Set(beside.map(({ calibration_id: id }) => id))
  if (ids.size > 1)
    findings.warning(
      'calibration.unambiguous',
      'scan.yaml:calib',
      `names none of ${[...ids].join(', ')}, which lie beside it`,
    )
  return ids.size === 1 ? (beside[0]?.calibration_id ?? null) : null
}

function bronzeFiles(staged: readonly StagedFile[], record: ScanRecord): BronzeFile[] {
  const places = bronzePaths(staged.map(({ path }) => path))
  return staged.map(({ path, sha256, bytes, ...facts }) => {
    const image = isOwnFile(path) ? facts.image : null
    return {
      path,
      bronze_path: places.get(path) ?? `other/${path}`,
      sha256,
      bytes,
      image_kind: image === null ? null : imageKind(path, record),
      image,
      tmd: isOwnFile(path) ? facts.tmd : null,
    }
  })
}

/** The message of a DataError; anything else is thrown on. */
function dataErrorMessage(error: unknown): string {
  if (error instanceof Error && error.name === 'DataError') return error.message
  throw error
}
