import type { Dependency, DependencyCondition } from '../../adf/plan/plan.ts'

/** ADF's rules of dependencies and outcome, stated a second time from its documentation, without regard to cost; and all small graphs. */
export interface RuledActivity {
  readonly name: string
  readonly dependsOn: readonly Dependency[]
  /** What it ends as if it runs; Skipped: inactive and marked so. */
  readonly result: RuledStatus
}

export type RuledStatus = 'Succeeded' | 'Failed' | 'Skipped'

const conditions: readonly DependencyCondition[] = ['Succeeded', 'Failed', 'Skipped', 'Completed']
/** Every non-empty set of conditions, and null: no edge. */
const edges: readonly (readonly DependencyCondition[] | null)[] = [
  null,
  ...Array.from({ length: 15 }, (_, bits) =>
    conditions.filter((_condition, index) => ((bits + 1) >> index) & 1),
  ),
]
export const ruledStatuses: readonly RuledStatus[] = ['Succeeded', 'Failed', 'Skipped']

/** Every graph over these names whose edges point back, with every set of conditions on each edge and each of `results` for each activity. */
export function* everyGraph(
  names: readonly string[],
  results: readonly RuledStatus[] = ruledStatuses,
): Generator<RuledActivity[]> {
  if (names.length === 0) {
    yield []
    return
  }
  const earlier = names.slice(0, -1)
  const name = names[names.length - 1] ?? ''
  for (const before of everyGraph(earlier, results)) {
    for (const dependsOn of edgesFrom(earlier)) {
      for (const result of results) yield [...before, { name, dependsOn, result }]
    }
  }
}

function* edgesFrom(names: readonly string[]): Generator<Dependency[]> {
  const [first, ...rest] = names
  if (first === undefined) {
    yield []
    return
  }
  for (const others of edgesFrom(rest)) {
    for (const edge of edges)
      yield edge === null ? others : [{ activity: first, conditions: edge }, ...others]
  }
}

/** How each activity and the whole ends, by recursion over names. */
export function adfRun(nodes: readonly RuledActivity[]): {
  statuses: Map<string, RuledStatus>
  outcome: 'Succeeded' | 'Failed'
} {
  const find = (name: string): RuledActivity => nodes.find((node) => node.name === name) ?? raise(name)
  const status = (name: string): RuledStatus => {
    const node = find(name)
    for (const dependency of node.dependsOn) {
      const parent = status(dependency.activity)
      let fires = false
      for (const condition of dependency.conditions) {
        if (condition === parent) fires = true
        if (condition === 'Completed' && parent !== 'Skipped') fires = true
      }
      if (!fires) return 'Skipped'
    }
    return node.result
  }
  const succeeded = (name: string): boolean => {
    if (status(name) !== 'Skipped') return status(name) === 'Succeeded'
    return find(name).dependsOn.every((dependency) => succeeded(dependency.activity))
  }
  const leaves = nodes.filter(
    (leaf) => !nodes.some((node) => node.dependsOn.some((dependency) => dependency.activity === leaf.name)),
  )
  return {
    statuses: new Map(nodes.map(({ name }) => [name, status(name)])),
    outcome: leaves.every(({ name }) => succeeded(name)) ? 'Succeeded' : 'Failed',
  }
}

function raise(name: string): never {
  throw new Error(`no node ${name}`)
}
