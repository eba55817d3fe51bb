import { createHash } from 'node:crypto'
import { DataError } from '../../formats/data-error.ts'
import { cleanName } from '../../formats/zip/entry-name.ts'
import { ZipReader, type ZipLimits } from '../../formats/zip/zip-reader.ts'
import type { Foreign, Lake, LakeObject } from '../../lake/lake.ts'
import type { SourceFile } from './batch-files.ts'
import { refusalOfForeign, withForeign } from './foreign-files.ts'
import { groupFiles, type Grouped } from './group-files.ts'
import { byteSource } from './open-source.ts'

/** One drop of the inbox with what it holds. */
export interface FoundSource {
  /** `foreign`: nothing that the lake can read. */
  readonly kind: 'zip' | 'folder' | 'file' | 'foreign'
  readonly path: string
  readonly etag: string
  readonly bytes: number
  readonly files: number
  readonly grouped: Grouped
  /** Why nothing of it can be taken. */
  readonly refused: string | null
}

/** Each is opened to see whether it is a calibration. */
const mostYaml = 10_000

const nothing: Grouped = { scans: [], yaml: [], others: [], notes: [] }

/** Names under which systems keep their own notes, and under which transfers write what is not complete. */
const ignored =
  /^\.|^__macosx$|^thumbs\.db$|^desktop\.ini$|^~\$|\.(part|partial|tmp|temp|crdownload|filepart)$/i

/** Drops of a folder of the lake, in path order: ZIPs wherever they lie outside of scans, plain folders, single files. */
export async function* listSources(
  lake: Lake,
  inbox: string,
  limits: Partial<ZipLimits> = {},
): AsyncGenerator<FoundSource> {
  let top: string | null = null
  let collected: LakeObject[] = []
  let foreign: Foreign[] = []
  const onForeign = (found: Foreign): void => {
    const inside = `${found.folder}/${found.name}`.slice(inbox.length + 1)
    if (isTaken(inside)) foreign.push(found)
  }
  /** Those of a folder that was walked to its end. */
  const takeForeign = (folder: string): Foreign[] => {
    const isInside = (one: Foreign): boolean => `${one.folder}/`.startsWith(`${folder}/`)
    const own = foreign.filter(isInside)
    foreign = foreign.filter((one) => !isInside(one))
    return own
  }
  for await (const object of lake.list(inbox, onForeign)) {
    const inside = object.path.slice(inbox.length + 1)
    if (!isTaken(inside)) continue
    const slash = inside.indexOf('/')
    const folder = slash < 0 ? null : `${inbox}/${inside.slice(0, slash)}`
    if (top !== null && folder !== top) {
      yield* readFolder(lake, top, collected, takeForeign(top), limits)
      collected = []
    }
    top = folder
    if (folder !== null) collected.push(object)
    else yield isZip(object.path) ? await readZip(lake, object, limits) : looseFile(object)
  }
  if (top !== null) yield* readFolder(lake, top, collected, takeForeign(top), limits)
  for (const one of foreign) yield foreignSource(one)
}

/** Identity of a folder drop: a file that is added, taken away or changed changes it. */
export function folderEtag(objects: readonly LakeObject[]): string {
  const hash = createHash('sha256')
  for (const { path, etag } of objects) hash.update(`${path}\0${etag}\n`)
  return hash.digest('hex')
}

/** Whether an object of a folder drop is taken with it. */
export function isTaken(inside: string): boolean {
  return !inside.split('/').some((segment) => ignored.test(segment))
}

function isZip(path: string): boolean {
  return path.toLowerCase().endsWith('.zip')
}

async function* readFolder(
  lake: Lake,
  folder: string,
  objects: readonly LakeObject[],
  foreign: readonly Foreign[],
  limits: Partial<ZipLimits>,
): AsyncGenerator<FoundSource> {
  const all = objects.map((object) => objectFile(object, folder))
  const { grouped, left } = withForeign(groupFiles(all), folder, foreign)
  // A ZIP among the files of a scan is a file of that scan; any other is a drop of its own.
  const zips = new Set(
    grouped.others.filter((file) => isZip(file.path)).map((file) => `${folder}/${file.path}`),
  )
  const own = objects.filter(({ path }) => !zips.has(path))
  if (own.length > 0) {
    yield {
      kind: 'folder',
      path: folder,
      etag: folderEtag(own),
      bytes: own.reduce((sum, { size }) => sum + size, 0),
      files: own.length,
      grouped: { ...grouped, others: grouped.others.filter((file) => !isZip(file.path)) },
      refused: refusalOf(folder, grouped),
    }
  }
  for (const one of left) yield foreignSource(one)
  for (const object of objects) if (zips.has(object.path)) yield readZip(lake, object, limits)
}

function refusalOf(path: string, { scans, yaml }: Grouped): string | null {
  if (scans.length === 0 && yaml.length === 0) return `${path} holds no scan.yaml and no calibration`
  if (yaml.length > mostYaml)
    return `${path} holds ${yaml.length} YAML files outside of scans; at most ${mostYaml} are read`
  return null
}

function foreignSource(found: Foreign): FoundSource {
  return {
    kind: 'foreign',
    path: `${found.folder}/${found.name}`,
    etag: '',
    bytes: 0,
    files: 0,
    grouped: nothing,
    refused: refusalOfForeign(found),
  }
}

function looseFile(object: LakeObject): FoundSource {
  const slash = object.path.lastIndexOf('/')
  const file = objectFile(object, object.path.slice(0, slash))
  const grouped = groupFiles([file])
  const isCandidate = grouped.yaml.length > 0
  return {
    ...about('file', object),
    files: 1,
    grouped: isCandidate ? grouped : { ...nothing, others: [file] },
    refused: isCandidate
      ? null
      : `${object.path} is neither a ZIP nor a calibration; put the files of a scan into a folder of their own`,
  }
}

async function readZip(lake: Lake, object: LakeObject, limits: Partial<ZipLimits>): Promise<FoundSource> {
  const files: SourceFile[] = []
  try {
    const zip = await ZipReader.open(byteSource(lake, object.path, object.size), object.path, limits)
    try {
      for await (const entry of zip.entries()) {
        const { path, problem, escapes, isFolder, size, modified, offset, packedSize, method, crc } = entry
        if (escapes) throw new DataError(`${object.path} is hostile: ${JSON.stringify(path)} ${problem}`)
        if (isFolder || path.split('/').some((segment) => ignored.test(segment))) continue
        const place = { offset, packedSize, method, crc }
        files.push({ path, size, modified, problem, zip: place, object: null })
      }
    } finally {
      zip.close()
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    return { ...about('zip', object), files: files.length, grouped: nothing, refused: error.message }
  }
  const grouped = groupFiles(files)
  return {
    ...about('zip', object),
    files: files.length,
    grouped,
    refused: refusalOf(object.path, grouped),
  }
}

function about<K extends FoundSource['kind']>(kind: K, object: LakeObject) {
  return { kind, path: object.path, etag: object.etag, bytes: object.size }
}

function objectFile(object: LakeObject, folder: string): SourceFile {
  // What is too long or too deep in a ZIP is so on a disk too: bronze puts folders of its own around it.
  const { path, problem } = cleanName(object.path.slice(folder.length + 1))
  return {
    path,
    size: object.size,
    modified: object.modified.toISOString(),
    problem,
    zip: null,
    object: { path: object.path, etag: object.etag },
  }
}
