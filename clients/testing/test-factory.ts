import { setImmediate } from 'node:timers/promises'
import type { DefinitionIssue } from '../../adf/errors.ts'
import { kindOf } from '../../adf/plan/factory-source.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import { pipelineNames } from '../../adf/plan/validate-factory.ts'
import { unknownName } from '../../adf/resource/near-miss.ts'
import { checkTest } from '../../testing/check-test.ts'
import type { Coverage } from '../../testing/coverage.ts'
import { coverageOf } from '../../testing/coverage.ts'
import type { PipelineTest } from '../../testing/pipeline-test.ts'
import { readTests } from '../../testing/read-tests.ts'
import type { TestResult } from '../../testing/run-test.ts'
import { runTest } from '../../testing/run-test.ts'
import { planPipeline } from '../factory/plan-pipeline.ts'
import type { FactoryFolder } from '../factory/read-factory.ts'

export interface TimedResult extends TestResult {
  readonly milliseconds: number
}

export interface FactoryTests {
  /** Tests that the factory has. */
  readonly all: number
  /** Of those that were chosen. */
  readonly results: readonly TimedResult[]
  /** Of every pipeline, or of those whose tests were chosen. */
  readonly coverage: readonly Coverage[]
  /** Errors in definitions and files of tests; nothing ran where there are any. */
  readonly issues: readonly DefinitionIssue[]
}

/** Runs the tests of a factory whose file, pipeline or name holds `pattern`, one after the other. */
export async function testFactory(
  factory: FactoryFolder,
  environment: string,
  pattern: string | null,
): Promise<FactoryTests> {
  const plans = new PlanShelf(factory, environment)
  const read = factory.source.files.filter(({ path }) => kindOf(path) === 'test').map(readTests)
  const all = read.flatMap(({ tests }) => tests)
  const chosen = all.filter((test) => isChosen(test, pattern))
  for (const test of all) {
    const plan = plans.of(test.pipeline)
    if (plan !== null) checkTest({ ...test, pipeline: plan.pipeline }, plan)
    else if (!plans.names.some((name) => name.toLowerCase() === test.pipeline.toLowerCase()))
      test.issues.report(['pipeline'], unknownName(test.pipeline, 'a pipeline', 'pipelines', plans.names))
  }
  const covered =
    pattern === null
      ? plans.names
      : [...new Set(chosen.map(({ pipeline }) => plans.of(pipeline)?.pipeline ?? pipeline))]
  const pipelines = covered.flatMap((name) => plans.of(name)?.pipelines[name] ?? [])
  const issues = [...plans.issues(), ...read.flatMap((one) => one.issues.list())]
  if (issues.some(({ severity }) => severity === 'error'))
    return { all: all.length, results: [], coverage: [], issues }

  const results: TimedResult[] = []
  for (const test of chosen) {
    const plan = plans.of(test.pipeline)
    if (plan === null) continue
    const start = performance.now()
    const result = await runTest(test, plan, () => setImmediate())
    results.push({ ...result, milliseconds: performance.now() - start })
  }
  const steps = results.map(({ run }) => (run === null ? [] : [...run.ran, ...run.unrun]))
  return {
    all: all.length,
    results,
    coverage: pipelines.map((pipeline) => coverageOf(pipeline, steps)),
    issues,
  }
}

function isChosen({ name, pipeline, issues }: PipelineTest, pattern: string | null): boolean {
  const wanted = (pattern ?? '').toLowerCase()
  return [name, pipeline, issues.path].some((text) => text.toLowerCase().includes(wanted))
}

/** The plan of each pipeline, made once. */
class PlanShelf {
  readonly names: readonly string[]
  readonly #make: (pipeline: string) => ReturnType<typeof planPipeline>
  readonly #made = new Map<string, ReturnType<typeof planPipeline>>()

  constructor(factory: FactoryFolder, environment: string) {
    this.names = pipelineNames(factory.source)
    this.#make = (pipeline) => planPipeline(factory, pipeline, environment)
  }

  /** Null where there is no such pipeline, or something is wrong with it. */
  of(pipeline: string): Plan | null {
    const name = this.names.find((one) => one.toLowerCase() === pipeline.toLowerCase())
    if (name === undefined) return null
    const made = this.#made.get(name) ?? this.#make(name)
    this.#made.set(name, made)
    return made.plan
  }

  /** What is wrong in what was asked for; each finding once. */
  issues(): DefinitionIssue[] {
    const found = new Map(
      [...this.#made.values()].flatMap(({ issues }) => issues.map((one) => [JSON.stringify(one), one])),
    )
    return [...found.values()]
  }
}
