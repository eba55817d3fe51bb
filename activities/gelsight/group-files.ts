import { hasCalibrationName } from '../../formats/gelsight/calibration.ts'
import { baseName, fileKind } from '../../formats/gelsight/file-name.ts'
import type { SourceFile } from './batch-files.ts'

/** A folder with a scan.yaml and all below it that no scan further down claims. */
export interface FoundScan {
  /** Inside the source; '' is its top. */
  readonly folder: string
  /** Paths are below the folder, in order. */
  readonly files: SourceFile[]
  readonly problem: string | null
}

export interface Grouped {
  readonly scans: FoundScan[]
  /** YAML files outside of scans: each may be a calibration. Paths are below the source. */
  readonly yaml: SourceFile[]
  readonly others: SourceFile[]
  readonly notes: string[]
}

const noteLimit = 20

/** Sorts the files of one source into scans and the rest. Pure; the order of `files` does not matter. */
export function groupFiles(files: readonly SourceFile[]): Grouped {
  const folders = new Map<string, SourceFile[]>()
  const all = withoutClashes(files)
  for (const file of all) if (fileKind(file.path) === 'scan') folders.set(parentOf(file.path), [])
  const yaml: SourceFile[] = []
  const others: SourceFile[] = []
  const notes: string[] = []
  for (const file of all) {
    const folder = claimedBy(file.path, folders)
    if (folder !== null) {
      const path = folder === '' ? file.path : file.path.slice(folder.length + 1)
      folders.get(folder)?.push({ ...file, path })
    } else if (file.problem !== null) {
      if (notes.length < noteLimit) notes.push(`${file.path} ${file.problem}; it was left out`)
    } else if (fileKind(file.path) === 'yaml') yaml.push(file)
    else others.push(file)
  }
  const scans = [...folders].map(([folder, found]) => {
    const sorted = found.sort(byPath)
    return { folder, files: sorted, problem: problemOf(sorted) }
  })
  return {
    scans: scans.sort((a, b) => (a.folder < b.folder ? -1 : 1)),
    yaml: yaml.sort(byPath),
    others,
    notes,
  }
}

/** Calibrations in scan folders by their name; the same file in several folders counts once. */
export function countNamedCalibrations(scans: readonly FoundScan[], seen: Set<string>): void {
  for (const scan of scans) {
    for (const file of scan.files) {
      if (hasCalibrationName(file.path)) seen.add(`${baseName(file.path)}\n${file.size}`)
    }
  }
}

function claimedBy(path: string, folders: ReadonlyMap<string, unknown>): string | null {
  for (let folder = parentOf(path); ; folder = parentOf(folder)) {
    if (folders.has(folder)) return folder
    if (folder === '') return null
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

/** Windows knows no difference between A.png and a.png: two such names are one file that arrived twice. */
function problemOf(files: readonly SourceFile[]): string | null {
  const seen = new Set<string>()
  for (const file of files) {
    if (file.problem !== null) return `${file.path} ${file.problem}`
    const name = file.path.toLowerCase()
    if (seen.has(name)) return `${file.path} is there twice`
    seen.add(name)
  }
  return null
}

/** A name that is a file and a folder at once exists in hostile ZIPs only; no disk can hold it. */
function withoutClashes(files: readonly SourceFile[]): SourceFile[] {
  const parents = new Set<string>()
  for (const { path } of files) {
    for (
      let folder = parentOf(path.toLowerCase());
      folder !== '' && !parents.has(folder);
      folder = parentOf(folder)
    )
      parents.add(folder)
  }
  return files.map((file) =>
    parents.has(file.path.toLowerCase()) ? { ...file, problem: 'is a file and a folder at once' } : file,
  )
}

function byPath(a: SourceFile, b: SourceFile): number {
  return a.path < b.path ? -1 : 1
}
