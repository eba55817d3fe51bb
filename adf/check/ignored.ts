import type { JsonObject } from '../json.ts'
import { property } from '../plan/pipeline-scope.ts'
import type { Path } from '../text/positions.ts'
import type { TreeActivity } from './activity-tree.ts'
import type { Finding } from './finding.ts'

const marker = /headrace-ignore:\s*([\w-]+(?:\s*,\s*[\w-]+)*)/gi

function rulesIn(text: string): string[] {
  return [...text.matchAll(marker)].flatMap((match) => (match[1] ?? '').split(/\s*,\s*/))
}

/** Rules that a resource leaves out by an annotation `headrace-ignore: <rule>`. */
export function ignoredByAnnotation(raw: JsonObject): ReadonlySet<string> {
  const annotations = property(raw, 'annotations')
  return new Set(
    Array.isArray(annotations)
      ? annotations.flatMap((one) => (typeof one === 'string' ? rulesIn(one) : []))
      : [],
  )
}

/** The same by the description of an activity, for it and what it holds. */
export function ignoredByDescription(
  activities: readonly TreeActivity[],
): readonly { readonly path: Path; readonly rules: readonly string[] }[] {
  return activities.flatMap((one) => {
    const description = property(one.raw, 'description')
    const rules = typeof description === 'string' ? rulesIn(description) : []
    return [
      ...(rules.length > 0 ? [{ path: one.path, rules }] : []),
      ...one.inner.flatMap(ignoredByDescription),
    ]
  })
}

export function isInside(path: Path, outer: Path): boolean {
  return outer.every((part, index) => path[index] === part)
}

/**
 * Leaves out what a comment in the file says: `# headrace-ignore: <rule>` on the line or the one above. What does not run is never left
 * out: leaving out a reason makes nothing run.
 */
export function withoutIgnored(
  findings: readonly Finding[],
  lines: (file: string) => readonly string[] | undefined,
): Finding[] {
  return findings.filter((one) => {
    if (one.level === 'unsupported' || one.line === null) return true
    const text = lines(one.file)
    const own = text?.[one.line - 1] ?? ''
    const above = text?.[one.line - 2]?.trim() ?? ''
    const said = [own.slice(commentIn(own)), above.startsWith('#') ? above : '']
    return !said.flatMap(rulesIn).includes(one.id)
  })
}

function commentIn(line: string): number {
  const start = line.indexOf('#')
  return start < 0 ? line.length : start
}
