import type { z } from 'zod'
import type { Lake } from '../../lake/lake.ts'
import { readObject } from './batch-files.ts'
import { rowsClaim } from './bronze-objects.ts'

/**
 * The folder that holds a content, or is to hold it: the thing's own folder or `revisions/{n}/` below it. `content.json` is created before
 * anything else and says which content a folder is for; so a folder that a dead attempt left unfinished is completed by the same content
 * only, any other content goes to the next number, and whoever races for one folder writes the same bytes. `isNew`: nothing can be in it yet.
 */
export async function claimContent<S extends z.ZodType<{ content_sha256: string }>>(
  lake: Lake,
  folder: string,
  claim: z.input<S>,
  contentSha256: string,
  schema: S,
): Promise<{ revision: number; folder: string; claim: z.output<S>; isNew: boolean }> {
  const text = `${JSON.stringify(claim)}\n`
  for (let revision = 0; ; revision += 1) {
    const place = revision === 0 ? folder : `${folder}/revisions/${revision}`
    // What was created just now needs no look at it.
    if (await lake.create(`${place}/content.json`, text))
      return { revision, folder: place, claim: schema.parse(claim), isNew: true }
    const found = await readObject(lake, `${place}/content.json`, schema)
    if (found.content_sha256 === contentSha256) return { revision, folder: place, claim: found, isNew: false }
  }
}

/** Decides who brings the rows of a folder to the tables: the first to ask. True for the owner, however often it asks. */
export async function claimRows(lake: Lake, folder: string, batch: string, part: string): Promise<boolean> {
  if (await lake.create(`${folder}/rows.json`, `${JSON.stringify({ batch, part })}\n`)) return true
  const owner = await readObject(lake, `${folder}/rows.json`, rowsClaim)
  return owner.batch === batch && owner.part === part
}
