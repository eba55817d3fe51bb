import type { Lake } from '../../lake/lake.ts'
import { findObject, readObject } from './batch-files.ts'
import { contentClaim, processingLog, type ProcessingLog, type ScanMetadata } from './bronze-objects.ts'
import { claimContent } from './claim-content.ts'
import type { ParsedScan } from './parse-scan.ts'
import type { StagedFile } from './stage-files.ts'

/** Who commits, from where. */
export interface Origin {
  readonly batch: string
  readonly sourcePath: string
  readonly routineFolder: string | null
  /** ISO 8601 UTC. */
  readonly processedAt: string
  readonly timeZone: string
}

export interface CommittedScan {
  readonly outcome: 'committed' | 'revision' | 'duplicate'
  /** As it lies in bronze: of whoever committed it. */
  readonly log: ProcessingLog
}

/**
 * Writes a scan to its folder in bronze; `processing_log.json` is last and is the commit. Everything before it is a function of the content,
 * so attempts, batches and racers that meet in a folder write the same bytes.
 */
export async function commitScan(
  lake: Lake,
  parsed: ParsedScan,
  staged: readonly StagedFile[],
  origin: Origin,
): Promise<CommittedScan> {
  const { scanId, contentSha256 } = parsed
  const claim = { content_sha256: contentSha256 }
  const { revision, folder, isNew } = await claimContent(
    lake,
    `bronze/scans/${scanId}`,
    claim,
    contentSha256,
    contentClaim,
  )
  const logPath = `${folder}/processing_log.json`
  const earlier = isNew ? null : await findObject(lake, logPath, processingLog)
  if (earlier !== null) return settle(earlier, origin)
  const places = new Map(parsed.files.map((file) => [file.path, file.bronze_path]))
  await Promise.all([
    ...staged.map((file) => lake.createFromFile(`${folder}/${places.get(file.path)}`, file.local)),
    createJson(lake, `${folder}/metadata/scan_metadata.json`, metadataOf(parsed, revision, origin)),
    createJson(lake, `${folder}/metadata/analysis_results.json`, parsed.analysis),
  ])
  const log = logOf(parsed, revision, folder, origin)
  const isFirst = await createJson(lake, logPath, log)
  return settle(isFirst ? log : await readObject(lake, logPath, processingLog), origin)
}

/** Whose commit it is: this scan's, by an attempt before or now, or somebody else's of the same content. */
function settle(log: ProcessingLog, origin: Origin): CommittedScan {
  const isOwn = log.batch === origin.batch && log.source_path === origin.sourcePath
  return { outcome: !isOwn ? 'duplicate' : log.revision === 0 ? 'committed' : 'revision', log }
}

function metadataOf(parsed: ParsedScan, revision: number, origin: Origin): ScanMetadata {
  const { guid: _guid, images, alignment_images, ...record } = parsed.record
  return {
    scan_id: parsed.scanId,
    revision,
    content_sha256: parsed.contentSha256,
    scan_time_zone: origin.timeZone,
    ...record,
    images: [...images],
    alignment_images: [...alignment_images],
  }
}

function logOf(parsed: ParsedScan, revision: number, folder: string, origin: Origin): ProcessingLog {
  const hasErrors = parsed.findings.some(({ severity }) => severity === 'error')
  return {
    scan_id: parsed.scanId,
    revision,
    content_sha256: parsed.contentSha256,
    bronze_path: folder,
    batch: origin.batch,
    source_path: origin.sourcePath,
    routine_folder: origin.routineFolder,
    processed_at: origin.processedAt,
    status: hasErrors ? 'PARTIAL' : 'SUCCESS',
    files: parsed.files,
    calibrations: parsed.calibrations,
    findings: [...parsed.findings],
  }
}

async function createJson(lake: Lake, path: string, content: object): Promise<boolean> {
  return lake.create(path, `${JSON.stringify(content, null, 2)}\n`)
}
