import { cp, link, mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LocalLake } from '../../lake/local/local-lake.ts'

/** A lake with the same tables as another one, by hard links: each round of a bench starts from the same state, and nothing is copied. */
export async function copyOfLake(from: string, to: string): Promise<LocalLake> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const source = join(entry.parentPath, entry.name)
    const target = join(to, source.slice(from.length))
    await mkdir(dirname(target), { recursive: true })
    // The pointer to the last checkpoint is replaced, not created.
    if (entry.name === '_last_checkpoint') await cp(source, target)
    else await link(source, target)
  }
  return new LocalLake({ root: to })
}
