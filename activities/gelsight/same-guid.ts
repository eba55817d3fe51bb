import type { Lake } from '../../lake/lake.ts'
import type { Manifest, ScanEntry, SourceFile } from './batch-files.ts'
import { collect } from './collect.ts'
import type { OpenSource } from './open-source.ts'
import { readChunk } from './scan-chunk.ts'

/** No scan.yaml is nearly as large. */
const yamlLimit = 2 ** 20

const guidLine = /^[ \t]*["']?guid["']?[ \t]*:[ \t]*["']?\{?([0-9a-f]{8}-[0-9a-f]{4})/im

/**
 * Chunks run at the same time: without an order, chance would decide which of two contents of one guid becomes revision 0 and which one
 * counts. So a scan knows the one before it in its batch that seems to bear its guid, and is committed after that.
 */
export class GuidOrder {
  /** Numbers, since a batch may hold a million scans. Two guids that begin alike wait without need. */
  private readonly last = new Map<number, number>()

  /** Index of the scan that goes before; null: none. */
  before(start: number | null, index: number): number | null {
    if (start === null) return null
    const earlier = this.last.get(start) ?? null
    this.last.set(start, index)
    return earlier
  }
}

/** First digits of a scan's guid as a number; null where its scan.yaml cannot be read or shows none. IngestScans says what is wrong with it. */
export async function readGuidStart(open: OpenSource, files: readonly SourceFile[]): Promise<number | null> {
  const file = files.find(({ path }) => path.toLowerCase() === 'scan.yaml')
  if (file === undefined || file.problem !== null || file.size > yamlLimit) return null
  try {
    // UTF-16 becomes legible without its zeros.
    const text = (await collect(open.read(file))).toString('latin1').replaceAll('\0', '')
    const digits = guidLine.exec(text)?.[1]
    return digits === undefined ? null : Number.parseInt(digits.replace('-', ''), 16)
  } catch (error) {
    if (error instanceof Error && (error.name === 'DataError' || error.name === 'SourceChanged')) return null
    throw error
  }
}

/** The scans of other chunks that go before this one and are not done, the first one first. */
export async function openPredecessors(
  lake: Lake,
  manifest: Manifest,
  scan: ScanEntry,
  isDone: (index: number) => Promise<boolean>,
): Promise<ScanEntry[]> {
  const found: ScanEntry[] = []
  let [index, list]: [number | null, readonly ScanEntry[]] = [scan.after, []]
  while (index !== null && !(await isDone(index))) {
    const wanted = index
    let entry = list.find((one) => one.index === wanted)
    if (entry === undefined) {
      const chunk = manifest.chunks.findLast((one) => one.offset <= wanted)
      list = chunk === undefined ? [] : await readChunk(lake, manifest, chunk.index)
      entry = list.find((one) => one.index === wanted)
    }
    if (entry === undefined) break
    found.unshift(entry)
    index = entry.after
  }
  return found
}
