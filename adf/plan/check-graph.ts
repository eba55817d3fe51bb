import { unknownName } from '../resource/near-miss.ts'
import type { Path } from '../text/positions.ts'
import type { FileIssues } from './file-issues.ts'

/** An activity among its siblings, as far as the graph goes. */
export interface GraphNode {
  readonly name: string
  readonly path: Path
  readonly dependsOn: readonly { readonly activity: string }[]
}

/** Unknown names that are told with what is near: each is compared with all others, and thousands have one cause. */
const explained = 100

/** Reports dependencies on what is not there and cycles. Gives the lower-case names that each one waits for directly. */
export function checkGraph(nodes: readonly GraphNode[], issues: FileIssues): Map<string, string[]> {
  const byName = new Map(nodes.map((node) => [node.name.toLowerCase(), node]))
  const edges = new Map<string, string[]>()
  let unknown = 0
  for (const node of nodes) {
    const targets: string[] = []
    node.dependsOn.forEach((dependency, index) => {
      const target = dependency.activity.toLowerCase()
      const path = [...node.path, 'dependsOn', index, 'activity']
      if (!byName.has(target)) {
        unknown += 1
        const siblings = () => nodes.filter((one) => one !== node).map((one) => one.name)
        issues.report(
          path,
          unknown <= explained
            ? unknownName(dependency.activity, 'an activity', 'activities', siblings())
            : `${JSON.stringify(dependency.activity)} is not an activity here`,
        )
      } else if (targets.includes(target)) {
        issues.report(
          path,
          `${JSON.stringify(dependency.activity)} is named twice; put its conditions into one entry: several conditions of one entry are alternatives`,
          'warning',
        )
      } else targets.push(target)
    })
    edges.set(node.name.toLowerCase(), targets)
  }
  for (const cycle of cyclesIn(edges)) {
    const node = byName.get(cycle[0] ?? '')
    if (node === undefined) continue
    const names = cycle.map((name) => byName.get(name)?.name ?? name)
    issues.report(
      [...node.path, 'dependsOn'],
      `waits for itself: ${[...names, names[0]].join(' -> ')}; take one of these dependencies away`,
    )
  }
  return edges
}

/** One cycle a group of nodes that reach each other, as names in the order of the edges. Iterative: pipelines may be long chains. */
export function cyclesIn(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  const state = new Map<string, 'open' | 'done'>()
  for (const start of edges.keys()) {
    if (state.has(start)) continue
    const path: string[] = []
    const stack: { name: string; next: number }[] = [{ name: start, next: 0 }]
    state.set(start, 'open')
    path.push(start)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const target = edges.get(top.name)?.[top.next++]
      if (target === undefined) {
        state.set(top.name, 'done')
        stack.pop()
        path.pop()
      } else if (state.get(target) === 'open') cycles.push(path.slice(path.indexOf(target)))
      else if (!state.has(target)) {
        state.set(target, 'open')
        path.push(target)
        stack.push({ name: target, next: 0 })
      }
    }
  }
  return cycles
}

/** All that a name waits for, directly and through others. */
export function ancestorsOf(edges: ReadonlyMap<string, readonly string[]>, name: string): Set<string> {
  const found = new Set<string>()
  const waiting = [...(edges.get(name) ?? [])]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    found.add(next)
    waiting.push(...(edges.get(next) ?? []))
  }
  return found
}
