import type { JsonObject } from '../adf/json.ts'
import type { Plan } from '../adf/plan/plan.ts'
import { unknownName } from '../adf/resource/near-miss.ts'
import type { Path } from '../adf/text/positions.ts'
import { entryNamed } from '../engine/name.ts'
import { activityNames, activityOf } from './label.ts'
import type { PipelineTest } from './pipeline-test.ts'

/** Reports names in a test that the pipeline does not have: a misspelt stub or expectation must not stand for nothing. */
export function checkTest(test: PipelineTest, plan: Plan): void {
  const { issues, path, expect } = test
  const names = activityNames(plan.pipelines, plan.pipeline)
  const known = (name: string, at: Path): void => {
    if (activityOf(name, names) === null)
      issues.report(at, unknownName(name, 'an activity', 'activities', names))
  }
  for (const one of test.stubPlaces) if (one.name !== '*') known(one.name, one.path)
  expect.runs?.forEach((name, index) => known(name, [...path, 'expect', 'runs', index]))
  expect.skipped?.forEach((name, index) => known(name, [...path, 'expect', 'skipped', index]))
  for (const name of Object.keys(expect.activities)) known(name, [...path, 'expect', 'activities', name])

  const chained = plan.chain.filter(({ upstream }) => upstream === plan.pipeline).map((link) => link.pipeline)
  for (const name of Object.keys(expect.starts)) {
    if (!chained.includes(name))
      issues.report(
        [...path, 'expect', 'starts', name],
        unknownName(name, 'a pipeline that a ChainingTrigger starts', 'such pipelines', chained),
      )
  }
  const pipeline = plan.pipelines[plan.pipeline]
  const variables = Object.keys(pipeline?.variables ?? {})
  const named = (given: JsonObject, within: readonly string[], one: string, many: string, at: Path): void => {
    const all = Object.fromEntries(within.map((name) => [name, name]))
    for (const name of Object.keys(given)) {
      if (entryNamed(all, name) === null) issues.report([...at, name], unknownName(name, one, many, within))
    }
  }
  named(test.variables, variables, 'a variable', 'variables', [...path, 'variables'])
  named(expect.variables, variables, 'a variable', 'variables', [...path, 'expect', 'variables'])
  const parameters = Object.keys(pipeline?.parameters ?? {})
  named(test.parameters, parameters, 'a parameter', 'parameters', [...path, 'parameters'])
  const globals = Object.keys(plan.globalParameters)
  named(test.globalParameters, globals, 'a global parameter', 'global parameters', [
    ...path,
    'globalParameters',
  ])
}
