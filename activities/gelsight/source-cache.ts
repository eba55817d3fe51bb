import type { Lake } from '../../lake/lake.ts'
import { sourceOf, type Manifest } from './batch-files.ts'
import { openSource, type OpenSource } from './open-source.ts'

/** Keeps the source of the scan before open: scans of a chunk come from few drops, in their order. */
export class SourceCache {
  private readonly lake: Lake
  private readonly manifest: Manifest
  private current: { readonly index: number; readonly source: OpenSource } | null = null

  constructor(lake: Lake, manifest: Manifest) {
    this.lake = lake
    this.manifest = manifest
  }

  async open(index: number): Promise<OpenSource> {
    if (this.current?.index === index) return this.current.source
    await this.close()
    const source = await openSource(this.lake, sourceOf(this.manifest, index))
    this.current = { index, source }
    return source
  }

  async close(): Promise<void> {
    const { current } = this
    this.current = null
    await current?.source.close()
  }
}
