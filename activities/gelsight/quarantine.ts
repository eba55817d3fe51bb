import type { Readable } from 'node:stream'
import { safeSegment } from '../../formats/gelsight/file-name.ts'
import { LakeNotFound, type Lake } from '../../lake/lake.ts'
import { displayPath, type Manifest, type ScanEntry, type Source } from './batch-files.ts'
import type { StagedFile } from './stage-files.ts'

/** Folder of what could not be taken: `bronze/quarantine/{batch}/{drop}/{folder inside}`. */
export function quarantineFolder(manifest: Manifest, source: Source, inside: string): string {
  const drop = source.path.startsWith(`${manifest.source}/`)
    ? source.path.slice(manifest.source.length + 1)
    : source.path
  // No name that a path may not have.
  const safe = source.kind === 'foreign' ? drop.replace(/[^/]*$/, (name) => safeSegment(name)) : drop
  return [`bronze/quarantine/${manifest.batch}`, safe, inside].filter((part) => part !== '').join('/')
}

/** Keeps a drop that cannot be read at all: its bytes, then `reason.json`, which says that the bytes are complete. */
export async function quarantineSource(lake: Lake, manifest: Manifest, source: Source): Promise<void> {
  const folder = quarantineFolder(manifest, source, '')
  if ((await lake.stat(`${folder}/reason.json`)) !== null) return
  const lost: string[] = []
  for (const from of await objectsOf(lake, source)) {
    const name =
      source.kind === 'folder' ? from.slice(source.path.length + 1) : (from.split('/').at(-1) ?? from)
    if (!(await copied(lake, from, `${folder}/bytes/${name}`))) lost.push(name)
  }
  await writeReason(lake, folder, { source: source.path, reason: source.refused ?? '', lost })
}

async function objectsOf(lake: Lake, source: Source): Promise<string[]> {
  if (source.kind === 'foreign') return []
  if (source.kind !== 'folder') return [source.path]
  const paths: string[] = []
  for await (const { path } of lake.list(source.path)) paths.push(path)
  return paths
}

/** Keeps a scan that cannot be read: the files that could be, then the reason and the names of the others. */
export async function quarantineScan(
  lake: Lake,
  manifest: Manifest,
  source: Source,
  scan: ScanEntry,
  reason: string,
  staged: readonly StagedFile[],
): Promise<string> {
  const folder = quarantineFolder(manifest, source, scan.folder)
  for (const file of staged) await lake.createFromFile(`${folder}/bytes/${file.path}`, file.local)
  const kept = new Set(staged.map((file) => file.path))
  const lost = scan.files.filter((file) => !kept.has(file.path)).map((file) => file.path)
  await writeReason(lake, folder, { source: displayPath(source, scan.folder), reason, lost })
  return folder
}

/** Keeps one file, e.g. a calibration. */
export async function quarantineFile(
  lake: Lake,
  folder: string,
  name: string,
  bytes: Buffer,
  source: string,
  reason: string,
): Promise<void> {
  await lake.create(`${folder}/bytes/${name}`, bytes)
  await writeReason(lake, folder, { source, reason, lost: [] })
}

/** Keeps one file that is too large to be held or cannot be unpacked: as it comes, where it comes at all. */
export async function quarantineUnread(
  lake: Lake,
  folder: string,
  name: string,
  content: () => Promise<Readable>,
  source: string,
  reason: string,
): Promise<void> {
  if ((await lake.stat(`${folder}/reason.json`)) !== null) return
  const lost: string[] = []
  try {
    await lake.create(`${folder}/bytes/${name}`, await content())
  } catch (error) {
    if (!(error instanceof Error && error.name === 'DataError')) throw error
    lost.push(name)
  }
  await writeReason(lake, folder, { source, reason, lost })
}

/** `lost`: files that are not beside it, because they cannot be unpacked; the drop in the archive still has them. */
async function writeReason(
  lake: Lake,
  folder: string,
  content: { source: string; reason: string; lost: readonly string[] },
): Promise<void> {
  await lake.create(`${folder}/reason.json`, `${JSON.stringify(content, null, 2)}\n`)
}

/** False: it was taken away since it was found. */
async function copied(lake: Lake, from: string, to: string): Promise<boolean> {
  if ((await lake.stat(to)) !== null) return true
  try {
    await lake.create(to, await lake.read(from))
    return true
  } catch (error) {
    if (error instanceof LakeNotFound) return false
    throw error
  }
}
