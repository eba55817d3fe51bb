import type { Foreign } from '../../lake/lake.ts'
import type { SourceFile } from './batch-files.ts'
import type { FoundScan, Grouped } from './group-files.ts'

/** What people do about it. */
const fix = 'put a plain file of a plain name there instead'

/** How a thing that cannot be read is named to people: it may hold any character. */
export function refusalOfForeign({ folder, name, reason }: Foreign): string {
  return `${JSON.stringify(`${folder}/${name}`)} ${reason}; ${fix}`
}

/**
 * Gives what lies among the files of a scan to that scan, which is refused for it as the same would be in a ZIP. `left`: what no
 * scan claims. `top`: folder of the lake that was grouped.
 */
export function withForeign(
  grouped: Grouped,
  top: string,
  foreign: readonly Foreign[],
): { grouped: Grouped; left: Foreign[] } {
  const scans = [...grouped.scans]
  const left: Foreign[] = []
  for (const one of foreign) {
    const inside = `${one.folder}/${one.name}`.slice(top.length + 1)
    const at = indexOfDeepest(scans, inside)
    const scan = scans[at]
    if (scan === undefined) left.push(one)
    else scans[at] = withProblem(scan, inside, one)
  }
  return { grouped: { ...grouped, scans }, left }
}

function withProblem(scan: FoundScan, inside: string, { name, reason }: Foreign): FoundScan {
  const path = scan.folder === '' ? inside : inside.slice(scan.folder.length + 1)
  const shown = `${path.slice(0, path.length - name.length)}${JSON.stringify(name).slice(1, -1)}`
  const file: SourceFile = {
    path: shown,
    size: 0,
    modified: new Date(0).toISOString(),
    problem: reason,
    zip: null,
    object: null,
  }
  return { ...scan, files: [...scan.files, file], problem: scan.problem ?? `${shown} ${reason}` }
}

/** -1: none holds it. */
function indexOfDeepest(scans: readonly FoundScan[], inside: string): number {
  let deepest = -1
  for (const [index, { folder }] of scans.entries()) {
    const holds = folder === '' || inside.startsWith(`${folder}/`)
    if (holds && folder.length >= (scans[deepest]?.folder.length ?? 0)) deepest = index
  }
  return deepest
}
