import { z } from 'zod'
import { archiveInboxProperties } from '../../adf/activity/archive-inbox.ts'
import { LakeNotFound, type Lake, type LakeObject } from '../../lake/lake.ts'
import type { ActivityFunction } from '../activity.ts'
import { parseProperties } from '../properties.ts'
import {
  archivePlanPath,
  calibrationsDonePath,
  findObject,
  readManifest,
  readObject,
  resultPath,
  chunkResult,
  type Manifest,
  type Source,
} from './batch-files.ts'
import { calibrationOutcomes } from './ingest-calibrations.ts'
import { folderEtag, isTaken } from './list-sources.ts'
import { quarantineFolder } from './quarantine.ts'
import { markEnded, unfinishedOwners } from './unfinished-batches.ts'

/** `archive/{n}.json` of a batch: decided once, so that a move that stopped in the middle is finished the same way. */
const archivePlan = z.strictObject({ moves: z.array(z.strictObject({ from: z.string(), to: z.string() })) })

/** How many kept files the output names. */
const namedLimit = 100

/**
 * Moves drops to `archive/{batch}/` of which every scan and calibration is committed or in quarantine, and which are still what the
 * batch found. All others stay in the inbox, with the reason. `unfinished`: batches to be run again, see `unfinishedOwners`.
 */
export const archiveInbox: ActivityFunction = async (invocation, context, { lake }) => {
  const { manifest: path } = parseProperties(archiveInboxProperties, invocation)
  const manifest = await readManifest(lake, path)
  const settled = await settledSources(lake, manifest)
  const kept: string[] = []
  let archived = 0
  for (const source of manifest.sources) {
    context.signal.throwIfAborted()
    const planPath = archivePlanPath(manifest.batch, source.index)
    let plan = await findObject(lake, planPath, archivePlan)
    if (plan === null) {
      const found = await planArchive(lake, manifest, source, settled)
      if ('reason' in found) {
        kept.push(source.kind === 'foreign' ? found.reason : `${source.path}: ${found.reason}`)
        continue
      }
      await lake.create(planPath, `${JSON.stringify(found)}\n`)
      plan = await readObject(lake, planPath, archivePlan)
    }
    for (const { from, to } of plan.moves) await moveOnce(lake, from, to)
    archived += 1
    context.progress({ done: archived, total: manifest.sources.length, unit: 'drops' })
  }
  const unfinished = settled === null ? [] : await unfinishedOwners(lake, manifest)
  if (settled !== null) await markEnded(lake, manifest.batch)
  return {
    batch: manifest.batch,
    archived,
    unfinished,
    kept: kept.length,
    keptFiles: kept.slice(0, namedLimit),
  }
}

type Plan = z.output<typeof archivePlan>

async function planArchive(
  lake: Lake,
  manifest: Manifest,
  source: Source,
  settled: ReadonlySet<number> | null,
): Promise<Plan | { readonly reason: string }> {
  if (source.kind === 'foreign')
    return { reason: `${source.refused ?? 'cannot be read'}; until then every batch names it` }
  const isQuarantined =
    source.refused !== null &&
    (await lake.stat(`${quarantineFolder(manifest, source, '')}/reason.json`)) !== null
  if (!isQuarantined && settled?.has(source.index) !== true)
    return { reason: 'not all of it is committed or quarantined' }
  const objects = await objectsOf(lake, manifest, source)
  const etag = source.kind === 'folder' ? folderEtag(objects) : (objects[0]?.etag ?? '')
  if (objects.length === 0) return { reason: 'is gone' }
  if (etag !== source.etag) return { reason: 'was changed since the batch found it' }
  const inbox = `${manifest.source}/`
  const moves = objects.map(({ path: from }) => {
    const inside = from.startsWith(inbox) ? from.slice(inbox.length) : from
    return { from, to: `archive/${manifest.batch}/${inside}` }
  })
  return { moves }
}

/** Objects that belong to a drop, as FindScans counted them: of a folder, without the ZIPs that are drops of their own. */
async function objectsOf(lake: Lake, manifest: Manifest, source: Source): Promise<LakeObject[]> {
  if (source.kind !== 'folder') {
    const found = await lake.stat(source.path)
    return found === null ? [] : [found]
  }
  const drops = new Set(manifest.sources.filter(({ kind }) => kind === 'zip').map(({ path }) => path))
  const objects: LakeObject[] = []
  for await (const object of lake.list(source.path)) {
    if (isTaken(object.path.slice(source.path.length + 1)) && !drops.has(object.path)) objects.push(object)
  }
  return objects
}

/** Sources of which nothing is left to do; null: the batch is not through. */
async function settledSources(lake: Lake, manifest: Manifest): Promise<Set<number> | null> {
  const calibrations = await findObject(lake, calibrationsDonePath(manifest.batch), calibrationOutcomes)
  if (calibrations === null) return null
  const settled = new Set(
    manifest.sources.filter(({ refused }) => refused === null).map(({ index }) => index),
  )
  for (const chunk of manifest.chunks) {
    const result = await findObject(lake, resultPath(manifest.batch, chunk.index), chunkResult)
    if (result === null) return null
    for (const { source, outcome } of result.outcomes) if (outcome === 'missing') settled.delete(source)
  }
  return settled
}

/** A drop that somebody took out of the inbox after the decision needs no move. */
async function moveOnce(lake: Lake, from: string, to: string): Promise<void> {
  try {
    await lake.move(from, to)
  } catch (error) {
    if (!(error instanceof LakeNotFound)) throw error
  }
}
