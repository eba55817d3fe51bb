import { DataError } from '../../adf/errors.ts'
import type { Lake } from '../../lake/lake.ts'
import {
  chunkList,
  chunkResult,
  readObject,
  resultPath,
  type ChunkOutcome,
  type Manifest,
  type ScanEntry,
} from './batch-files.ts'

/** Name of a chunk in transactions and claims. */
export function chunkPart(index: number): string {
  return `chunk-${index}`
}

export async function readChunk(lake: Lake, manifest: Manifest, index: number): Promise<ScanEntry[]> {
  const chunk = manifest.chunks[index]
  if (chunk === undefined) {
    throw new DataError(
      `the manifest of batch ${manifest.batch} has no chunk ${index}; its chunks are 0 to ${manifest.chunks.length - 1}`,
    )
  }
  return (await readObject(lake, chunk.file, chunkList)).scans
}

/** Outcomes of a chunk whose scans are all done. */
export async function readResult(lake: Lake, manifest: Manifest, index: number): Promise<ChunkOutcome[]> {
  return (await readObject(lake, resultPath(manifest.batch, index), chunkResult)).outcomes
}
