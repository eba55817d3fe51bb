import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Files that tell where to look and are replaced by design. */
const replaced = /(^|\/)_last_checkpoint$/

/**
 * Sees objects that are written a second time: an object that was there before and now has another inode or another time of writing.
 * A second write needs another attempt, which comes seconds after the first; this looks several times a second, but takes at most a
 * twentieth of the time: a chaos process that is busy looking would miss the moments of its kills.
 */
export class WriteWatch {
  readonly writtenAgain = new Set<string>()
  private readonly seen = new Map<string, string>()
  private readonly lake: string
  private timer: NodeJS.Timeout | undefined

  constructor(lake: string) {
    this.lake = lake
  }

  start(): void {
    const begin = performance.now()
    this.look()
    this.timer = setTimeout(() => this.start(), Math.max(200, 19 * (performance.now() - begin)))
  }

  stop(): void {
    clearTimeout(this.timer)
    this.look()
  }

  look(): void {
    for (const layer of ['bronze', 'silver', 'gold']) {
      for (const path of entriesBelow(join(this.lake, layer))) {
        const name = `${layer}/${path}`
        if (replaced.test(name)) continue
        const found = statSync(join(this.lake, name), { bigint: true, throwIfNoEntry: false })
        if (found === undefined || !found.isFile()) continue
        const identity = `${found.ino}/${found.mtimeNs}`
        const before = this.seen.get(name)
        if (before !== undefined && before !== identity) this.writtenAgain.add(name)
        this.seen.set(name, identity)
      }
    }
  }
}

function entriesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch (error) {
    // Folders come and go while a run goes on; the next look sees what is there.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
