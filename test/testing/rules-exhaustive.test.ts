import { expect, test } from 'vitest'
import type { Plan } from '../../adf/plan/plan.ts'
import type { RuledActivity } from '../support/adf-rules.ts'
import { adfRun, everyGraph, ruledStatuses } from '../support/adf-rules.ts'
import { fail, pipeline, plan, setVariable } from '../support/plans.ts'
import { unitRun } from './unit.ts'

const variables = { v: { type: 'String', defaultValue: '' } } as const

function planOf(nodes: readonly RuledActivity[], isReversed: boolean): Plan {
  const activities = nodes.map(({ name, dependsOn, result }) => {
    const after = dependsOn.map(
      ({ activity, conditions: [first = 'Succeeded', ...rest] }) => [activity, first, ...rest] as const,
    )
    if (result === 'Skipped') return setVariable(name, 'v', '', { after, inactiveAs: 'Skipped' })
    return result === 'Failed' ? fail(name, name, '1', { after }) : setVariable(name, 'v', '', { after })
  })
  return plan([pipeline('p', isReversed ? activities.toReversed() : activities, { variables })])
}

async function check(nodes: readonly RuledActivity[], isReversed: boolean): Promise<void> {
  const run = await unitRun(planOf(nodes, isReversed))
  const statuses = new Map([...run.ran, ...run.unrun].map(({ name, settled }) => [name, settled]))
  const rules = adfRun(nodes)
  const same =
    run.status === rules.outcome && nodes.every(({ name }) => statuses.get(name) === rules.statuses.get(name))
  if (!same) expect({ nodes, statuses, outcome: run.status }).toEqual({ nodes, ...rules })
}

test.each([
  ['two activities, inactive ones among them,', ['A', 'B'], ruledStatuses, 3 ** 2 * 16],
  // Inactive ones among three: test/engine has them, without the walk.
  ['three activities', ['A', 'B', 'C'], ['Succeeded', 'Failed'] as const, 2 ** 3 * 16 ** 3],
])('every pipeline of %s runs and ends as the rules say', async (_, names, results, graphs) => {
  let count = 0
  for (const nodes of everyGraph(names, results)) {
    // The order of the definition must not matter.
    await check(nodes, count % 2 === 1)
    count += 1
  }
  expect(count).toBe(graphs)
})
