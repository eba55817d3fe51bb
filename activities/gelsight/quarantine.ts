import { Readable } from 'node:stream'
import type { Lake } from '../../lake/lake.ts'
import { displayPath, type Manifest, type ScanEntry, type Source } from './batch-files.ts'
import type { StagedFile } from './stage-files.ts'

/** Folder of what could not be taken: `bronze/quarantine/{batch}/{drop}/{folder inside}`. */
export function quarantineFolder(manifest: Manifest, source: Source, inside: string): string {
  const drop = source.path.startsWith(`${manifest.source}/`)
    ? source.path.slice(manifest.source.length + 1)
    : source.path
  return [`bronze/quarantine/${manifest.batch}`, drop, inside].filter((part) => part !== '').join('/')
}

/** Keeps a drop that cannot be read at all: its bytes, then `reason.json`, which says that the bytes are complete. */
export async function quarantineSource(lake: Lake, manifest: Manifest, source: Source): Promise<void> {
  const folder = quarantineFolder(manifest, source, '')
  if ((await lake.stat(`${folder}/reason.json`)) !== null) return
  if (source.kind === 'folder') {
    for await (const { path } of lake.list(source.path))
      await copy(lake, path, `${folder}/bytes/${path.slice(source.path.length + 1)}`)
  } else {
    await copy(lake, source.path, `${folder}/bytes/${source.path.split('/').at(-1)}`)
  }
  await writeReason(lake, folder, { source: source.path, reason: source.refused ?? '', lost: [] })
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

/** `lost`: files that are not beside it, because they cannot be unpacked; the drop in the archive still has them. */
async function writeReason(
  lake: Lake,
  folder: string,
  content: { source: string; reason: string; lost: readonly string[] },
): Promise<void> {
  await lake.create(`${folder}/reason.json`, `${JSON.stringify(content, null, 2)}\n`)
}

async function copy(lake: Lake, from: string, to: string): Promise<void> {
  if ((await lake.stat(to)) === null) await lake.create(to, Readable.from(await lake.read(from)))
}
