import { z } from 'zod'
import { DataError } from '../../adf/errors.ts'
import type { Lake } from '../../lake/lake.ts'
import { LakeNotFound } from '../../lake/lake.ts'

/** Objects under `bronze/_batches/{batch}/`: what a batch consists of and what became of it. All of them are written once. */

const zipPlace = z.strictObject({
  offset: z.number(),
  packedSize: z.number(),
  method: z.number(),
  crc: z.number(),
})

const sourceFile = z.strictObject({
  /** Below the scan's folder, or below the source where there is no scan. */
  path: z.string(),
  size: z.number(),
  /** ISO 8601. */
  modified: z.string(),
  /** Why it cannot be taken; null: it can. */
  problem: z.string().nullable(),
  /** Where it lies in a ZIP; null: in the lake, at `object`. */
  zip: zipPlace.nullable(),
  object: z.strictObject({ path: z.string(), etag: z.string() }).nullable(),
})

const source = z.strictObject({
  index: z.number(),
  kind: z.enum(['zip', 'folder', 'file', 'foreign']),
  /** Lake path of the ZIP, the folder or the file; of what is foreign to the lake, where it lies under its own name. */
  path: z.string(),
  /** Of a ZIP or a file; of a folder: hash over its files. */
  etag: z.string(),
  files: z.number(),
  bytes: z.number(),
  scans: z.number(),
  /** Why nothing of it can be taken; null: its scans are in the chunks. */
  refused: z.string().nullable(),
  /** What was left out of it, e.g. a symbolic link outside of scans; the first few. */
  notes: z.array(z.string()),
})

const scanEntry = z.strictObject({
  /** Of all scans of the batch, from 0. */
  index: z.number(),
  source: z.number(),
  /** Inside the source; '' is its top. */
  folder: z.string(),
  files: z.array(sourceFile),
  problem: z.string().nullable(),
  /** Scan of the batch that must be committed before: it seems to bear the same guid; null: none. */
  after: z.number().nullable().default(null),
})

const calibrationEntry = z.strictObject({ source: z.number(), file: sourceFile })

const manifest = z.strictObject({
  batch: z.string(),
  source: z.string(),
  /** Time of processing that rows of this batch bear, ISO 8601 UTC. */
  processedAt: z.string(),
  sources: z.array(source),
  chunks: z.array(
    z.strictObject({ index: z.number(), offset: z.number(), count: z.number(), file: z.string() }),
  ),
  /** Calibrations outside of scans. */
  calibrations: z.array(calibrationEntry),
  scanCount: z.number(),
  calibrationCount: z.number(),
  fileCount: z.number(),
  totalBytes: z.number(),
})

export const chunkList = z.strictObject({ scans: z.array(scanEntry) })

/** A file that a scan brought and that may be a calibration, where its bytes lie now. */
const broughtCalibration = z.strictObject({
  fileName: z.string(),
  sha256: z.string(),
  object: z.string(),
  modified: z.string(),
})

/** What became of one scan of a batch. */
export const scanOutcome = z.strictObject({
  index: z.number(),
  source: z.number(),
  sourcePath: z.string(),
  outcome: z.enum(['committed', 'revision', 'duplicate', 'quarantined', 'missing']),
  status: z.enum(['SUCCESS', 'PARTIAL', 'FAILED']),
  scanId: z.string().nullable(),
  revision: z.number().nullable(),
  /** Batch whose commit is in bronze: another one's where this is a duplicate; null where nothing is. */
  committedBy: z.string().nullable(),
  /** Lake folder of the revision or of the quarantine. */
  target: z.string().nullable(),
  error: z.string().nullable(),
  files: z.number(),
  bytes: z.number(),
  calibrations: z.array(broughtCalibration),
  start: z.string(),
  end: z.string(),
})

/** Outcomes of a chunk; `owned`: this chunk brings the scan's rows to the tables. */
export const chunkResult = z.strictObject({
  outcomes: z.array(z.strictObject({ ...scanOutcome.shape, owned: z.boolean() })),
})

export type SourceFile = z.output<typeof sourceFile>
export type Source = z.output<typeof source>
export type ScanEntry = z.output<typeof scanEntry>
export type CalibrationEntry = z.output<typeof calibrationEntry>
export type Manifest = z.output<typeof manifest>
export type ScanOutcome = z.output<typeof scanOutcome>
export type ChunkOutcome = z.output<typeof chunkResult>['outcomes'][number]
export type BroughtCalibration = z.output<typeof broughtCalibration>

const largestList = 1 << 30

export function batchFolder(batch: string): string {
  return `bronze/_batches/${batch}`
}

export function manifestPath(batch: string): string {
  return `${batchFolder(batch)}/manifest.json`
}

export function outcomePath(batch: string, scan: number): string {
  return `${batchFolder(batch)}/outcomes/${String(scan).padStart(7, '0')}.json`
}

export function resultPath(batch: string, chunk: number): string {
  return `${batchFolder(batch)}/results/${String(chunk).padStart(6, '0')}.json`
}

/** Marks that all calibrations of a batch are committed or quarantined. */
export function calibrationsDonePath(batch: string): string {
  return `${batchFolder(batch)}/calibrations.json`
}

export function archivePlanPath(batch: string, index: number): string {
  return `${batchFolder(batch)}/archive/${String(index).padStart(6, '0')}.json`
}

/** The manifest of each lake that was read last: every chunk of a batch asks for the same one, and it may name thousands of chunks. */
const lastRead = new WeakMap<
  Lake,
  { readonly path: string; readonly etag: string; readonly manifest: Manifest }
>()

export async function readManifest(lake: Lake, path: string): Promise<Manifest> {
  const etag = (await lake.stat(path))?.etag
  const known = lastRead.get(lake)
  if (known !== undefined && known.path === path && known.etag === etag) return known.manifest
  const read = await readObject(lake, path, manifest)
  if (etag !== undefined) lastRead.set(lake, { path, etag, manifest: read })
  return read
}

/** Reads JSON of a known shape from the lake; a DataError names what does not fit. */
export async function readObject<S extends z.ZodType>(
  lake: Lake,
  path: string,
  schema: S,
): Promise<z.output<S>> {
  return parseObject(await textOf(lake, path), path, schema)
}

export function textOf(lake: Lake, path: string): Promise<string> {
  return lake.readText(path, largestList)
}

/** `text` is what the lake holds at `path`. */
export function parseObject<S extends z.ZodType>(text: string, path: string, schema: S): z.output<S> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DataError(`${path} is not what Headrace writes there: ${reason}`, { cause })
  }
}

/** As `readObject`; null where there is none. */
export async function findObject<S extends z.ZodType>(
  lake: Lake,
  path: string,
  schema: S,
): Promise<z.output<S> | null> {
  try {
    return await readObject(lake, path, schema)
  } catch (error) {
    if (error instanceof LakeNotFound) return null
    throw error
  }
}

export function sourceOf(found: Manifest, index: number): Source {
  const one = found.sources[index]
  if (one === undefined) throw new DataError(`the manifest of batch ${found.batch} has no source ${index}`)
  return one
}

/** How people name a scan or a file of a drop: `inbox/drop.zip/GelSightAnalysis/Offset`. */
export function displayPath(at: Source, inside: string): string {
  return inside === '' ? at.path : `${at.path}/${inside}`
}
