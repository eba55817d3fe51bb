import type { Plan } from '../adf/plan/plan.ts'
import type { Difference } from './compare.ts'
import { compareRun, unusedStubs } from './compare.ts'
import type { PipelineTest } from './pipeline-test.ts'
import type { UnitRun } from './unit-run.ts'
import { runUnit } from './unit-run.ts'

export interface TestResult {
  readonly test: PipelineTest
  readonly differences: readonly Difference[]
  /** Why the test could not be carried to its end; null where it was. */
  readonly problem: string | null
  /** Null where there was a problem. */
  readonly run: UnitRun | null
}

/** Errors of a test, and of definitions that only a run finds; all else is a fault of Headrace and is thrown. */
const problems = ['UnstubbedError', 'DefinitionError', 'RangeError']

/** Runs one test. `idle` as in `UnitRunInput`. */
export async function runTest(
  test: PipelineTest,
  plan: Plan,
  idle: () => Promise<void>,
): Promise<TestResult> {
  const { parameters, variables, trigger, clock, stubs } = test
  try {
    const run = await runUnit({
      plan: { ...plan, globalParameters: { ...plan.globalParameters, ...test.globalParameters } },
      parameters,
      variables,
      trigger,
      startTime: clock,
      stubs,
      idle,
    })
    const differences = [...compareRun(test.expect, run, [...test.path, 'expect']), ...unusedStubs(test, run)]
    return { test, differences, problem: null, run }
  } catch (error) {
    if (!(error instanceof Error) || !problems.includes(error.name)) throw error
    return { test, differences: [], problem: error.message, run: null }
  }
}

export function passed({ differences, problem }: TestResult): boolean {
  return problem === null && differences.length === 0
}
