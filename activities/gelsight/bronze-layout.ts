import { baseName, fileKind } from '../../formats/gelsight/file-name.ts'
import type { ScanRecord } from '../../formats/gelsight/scan-record.ts'

/**
 * Whether a file lies at the top of its scan or in `images/` or `heightmaps/`. What routines leave below `analysis/` is no picture and no
 * height map of the scan, whatever it is called.
 */
export function isOwnFile(path: string): boolean {
  const [first = '', ...rest] = path.split('/')
  return rest.length === 0 || (rest.length === 1 && ['images', 'heightmaps'].includes(first.toLowerCase()))
}

/**
 * Where each file of a scan goes below its bronze folder; a function of the paths alone. YAML keeps its path below
 * `metadata/raw_yaml/`; pictures and height maps lose a folder of that name; whatever else there is lies below `other/`.
 */
export function bronzePaths(paths: readonly string[]): ReadonlyMap<string, string> {
  const all = new Set(paths.map((path) => path.toLowerCase()))
  return new Map(paths.map((path) => [path, bronzePath(path, all)]))
}

function bronzePath(path: string, all: ReadonlySet<string>): string {
  switch (fileKind(path)) {
    case 'scan':
    case 'context':
    case 'yaml':
    case 'backup':
      return `metadata/raw_yaml/${path}`
    case 'image':
      return gathered(path, 'images', all)
    case 'heightmap':
      return gathered(path, 'heightmaps', all)
    case 'other':
      return `other/${path}`
  }
}

/** Files at the top and in a folder of the same name meet in one folder, unless their names meet too. */
function gathered(path: string, folder: string, all: ReadonlySet<string>): string {
  const [first = '', ...rest] = path.split('/')
  if (rest.length === 0) return `${folder}/${path}`
  if (first.toLowerCase() !== folder || rest.length > 1) return `other/${path}`
  const inner = rest.join('/')
  return all.has(inner.toLowerCase()) ? `${folder}/${path}` : `${folder}/${inner}`
}

/** What a picture is to its scan. */
export function imageKind(path: string, scan: ScanRecord): string {
  const name = baseName(path).toLowerCase()
  const isNamed = (names: readonly string[]) => names.some((one) => baseName(one).toLowerCase() === name)
  if (isNamed(scan.images)) return 'image'
  if (isNamed(scan.alignment_images)) return 'alignment'
  if (isNamed(scan.active_normalmap === null ? [] : [scan.active_normalmap]) || name.endsWith('_nrm.png'))
    return 'normalmap'
  return name.includes('thumbnail') ? 'thumbnail' : 'other'
}

/** Finds the file that a scan names: at its top or in a folder such as `images/`; by base name, capitals aside. */
export function findNamed<T extends { readonly path: string }>(
  files: readonly T[],
  name: string,
): T | undefined {
  const wanted = baseName(name).toLowerCase()
  const found = files.filter((file) => baseName(file.path).toLowerCase() === wanted)
  return found.sort((a, b) => a.path.split('/').length - b.path.split('/').length)[0]
}
