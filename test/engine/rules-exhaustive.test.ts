import { expect, test } from 'vitest'
import type { Dependency, DependencyCondition } from '../../adf/plan/plan.ts'
import { decide } from '../../engine/dependencies.ts'
import { scopeOutcome } from '../../engine/outcome.ts'
import type { SettledStatus } from '../../engine/settlement.ts'

/**
 * Every graph of two and three activities, every set of conditions on every edge, every result of every activity: the engine
 * against a second, naive statement of ADF's rules.
 */
interface Node {
  readonly name: string
  readonly dependsOn: readonly Dependency[]
  /** What it would end as if it ran. */
  readonly result: 'Succeeded' | 'Failed'
}

const conditions: readonly DependencyCondition[] = ['Succeeded', 'Failed', 'Skipped', 'Completed']
/** Every non-empty set of conditions, and null: no edge. */
const edges: readonly (readonly DependencyCondition[] | null)[] = [
  null,
  ...Array.from({ length: 15 }, (_, bits) =>
    conditions.filter((_condition, index) => ((bits + 1) >> index) & 1),
  ),
]
const results = ['Succeeded', 'Failed'] as const

function* graphs(names: readonly string[]): Generator<Node[]> {
  if (names.length === 0) {
    yield []
    return
  }
  const earlier = names.slice(0, -1)
  const name = names[names.length - 1] ?? ''
  for (const before of graphs(earlier)) {
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

function engineRun(nodes: readonly Node[]): { statuses: Map<string, SettledStatus>; outcome: string } {
  const statuses = new Map<string, SettledStatus>()
  // Reversed, so that the engine has to say Wait.
  for (let rounds = 0; statuses.size < nodes.length && rounds <= nodes.length; rounds += 1) {
    for (const node of nodes.toReversed()) {
      if (statuses.has(node.name)) continue
      const decision = decide(node.dependsOn, (name) => statuses.get(name) ?? null)
      if (decision !== 'Wait') statuses.set(node.name, decision === 'Run' ? node.result : 'Skipped')
    }
  }
  return { statuses, outcome: scopeOutcome(nodes, (name) => statuses.get(name) ?? 'Skipped').status }
}

/** The rules as the documentation says them, by recursion over names, without regard to cost. */
function naiveRun(nodes: readonly Node[]): { statuses: Map<string, SettledStatus>; outcome: string } {
  const find = (name: string): Node => nodes.find((node) => node.name === name) ?? raise(name)
  const status = (name: string): SettledStatus => {
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

test.each([
  [2, ['A', 'B']],
  [3, ['A', 'B', 'C']],
])('every graph of %i activities runs and ends as the rules say', (_, names) => {
  let count = 0
  for (const nodes of graphs(names)) {
    count += 1
    const engine = engineRun(nodes)
    const naive = naiveRun(nodes)
    const same =
      engine.outcome === naive.outcome &&
      nodes.every(({ name }) => engine.statuses.get(name) === naive.statuses.get(name))
    if (!same) expect({ nodes, ...engine }).toEqual({ nodes, ...naive })
  }
  expect(count).toBe(names.length === 2 ? 2 * 2 * 16 : 2 * 2 * 2 * 16 ** 3)
})
