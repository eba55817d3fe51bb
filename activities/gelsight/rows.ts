import type { Row } from '../../tables/rows/values.ts'
import type { Manifest, ScanOutcome, Source } from './batch-files.ts'
import type { AnalysisResults, ProcessingLog, ScanMetadata } from './bronze-objects.ts'
import { hashKey } from './scan-identity.ts'

/** Rows of the bronze tables, from the objects of a committed scan. `batch`: the one that brings them to the tables. */

export function scanRow(metadata: ScanMetadata, log: ProcessingLog, batch: string, ingestedAt: string): Row {
  const { scan_time_zone: _zone, calib_text: _calib, images, alignment_images, ...columns } = metadata
  return {
    ...columns,
    batch_id: batch,
    source_path: log.source_path,
    bronze_path: log.bronze_path,
    routine_folder: log.routine_folder,
    image_count: images.length,
    alignment_image_count: alignment_images.length,
    ingested_at: ingestedAt,
  }
}

export function* shapeRows(metadata: ScanMetadata, analysis: AnalysisResults, batch: string): Generator<Row> {
  const { scan_id, revision } = metadata
  for (const shape of analysis.shapes) yield { scan_id, revision, batch_id: batch, ...shape }
}

export function* measurementRows(
  metadata: ScanMetadata,
  analysis: AnalysisResults,
  batch: string,
): Generator<Row> {
  const { scan_id, revision } = metadata
  for (const { results, annotation_ids, ...routine } of analysis.routines) {
    for (const result of results) {
      const annotations = JSON.stringify(annotation_ids)
      yield { scan_id, revision, batch_id: batch, ...routine, annotation_ids: annotations, ...result }
    }
  }
}

export function* imageRows(log: ProcessingLog, batch: string): Generator<Row> {
  const { scan_id, revision } = log
  for (const file of log.files) {
    if (file.image === null) continue
    const { width, height, bit_depth } = file.image
    yield {
      scan_id,
      revision,
      batch_id: batch,
      file_name: file.path,
      kind: file.image_kind ?? 'other',
      bronze_path: `${log.bronze_path}/${file.bronze_path}`,
      sha256: file.sha256,
      byte_count: file.bytes,
      width,
      height,
      bit_depth,
    }
  }
}

export function* heightmapRows(log: ProcessingLog, batch: string): Generator<Row> {
  const { scan_id, revision } = log
  for (const file of log.files) {
    if (file.tmd === null) continue
    const { problem: _problem, ...facts } = file.tmd
    yield {
      scan_id,
      revision,
      batch_id: batch,
      file_name: file.path,
      bronze_path: `${log.bronze_path}/${file.bronze_path}`,
      sha256: file.sha256,
      byte_count: file.bytes,
      ...facts,
    }
  }
}

interface Times {
  /** ISO 8601 UTC. */
  readonly start: string
  readonly end: string
}

export function outcomeRow(batch: string, outcome: ScanOutcome): Row {
  return {
    log_id: hashKey(batch, outcome.sourcePath),
    scan_id: outcome.scanId,
    batch_id: batch,
    source_path: outcome.sourcePath,
    target_path_bronze: outcome.target,
    file_count: outcome.files,
    total_bytes: outcome.bytes,
    parse_status: outcome.status,
    error_message: outcome.error,
    ...timesOf(outcome),
    outcome: outcome.outcome,
    revision: outcome.revision,
  }
}

export function refusedSourceRow(manifest: Manifest, source: Source, times: Times, target: string): Row {
  return {
    log_id: hashKey(manifest.batch, source.path),
    scan_id: null,
    batch_id: manifest.batch,
    source_path: source.path,
    target_path_bronze: target,
    file_count: source.files,
    total_bytes: source.bytes,
    parse_status: 'FAILED',
    error_message: source.refused,
    ...timesOf(times),
    outcome: 'quarantined',
    revision: null,
  }
}

function timesOf({ start, end }: Times) {
  return {
    processing_start_time: start,
    processing_end_time: end,
    duration_seconds: (Date.parse(end) - Date.parse(start)) / 1000,
  }
}
