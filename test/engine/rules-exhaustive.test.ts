import { expect, test } from 'vitest'
import { decide } from '../../engine/dependencies.ts'
import { scopeOutcome } from '../../engine/outcome.ts'
import type { SettledStatus } from '../../engine/settlement.ts'
import type { RuledActivity } from '../support/adf-rules.ts'
import { adfRun, everyGraph } from '../support/adf-rules.ts'

/**
 * Every graph of two and three activities, every set of conditions on every edge, every result of every activity: the engine
 * against a second, naive statement of ADF's rules.
 */
function engineRun(nodes: readonly RuledActivity[]): {
  statuses: Map<string, SettledStatus>
  outcome: string
} {
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

test.each([
  [2, ['A', 'B'], 3 ** 2 * 16],
  [3, ['A', 'B', 'C'], 3 ** 3 * 16 ** 3],
])('every graph of %i activities runs and ends as the rules say', (_, names, graphs) => {
  let count = 0
  for (const nodes of everyGraph(names)) {
    count += 1
    const engine = engineRun(nodes)
    const naive = adfRun(nodes)
    const same =
      engine.outcome === naive.outcome &&
      nodes.every(({ name }) => engine.statuses.get(name) === naive.statuses.get(name))
    if (!same) expect({ nodes, ...engine }).toEqual({ nodes, ...naive })
  }
  expect(count).toBe(graphs)
})
