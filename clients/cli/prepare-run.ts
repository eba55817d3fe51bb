import { DefinitionError, formatIssue } from '../../adf/errors.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import type { Settings } from '../../config/settings.ts'
import { factoryFolder, openLake } from '../start/open-lake.ts'
import { UsageError } from './exit-codes.ts'

export interface PreparedRun {
  readonly plan: Plan
  /** Readable, one line each. */
  readonly warnings: readonly string[]
  /** Puts the files that the plan names into the lake; the plan may be started then. */
  store(): Promise<Plan>
}

/** Reads the factory and makes the plan; starts and writes nothing. Throws a DefinitionError with every error. */
export async function prepareRun(settings: Settings, pipeline: string): Promise<PreparedRun> {
  const [{ planPipeline }, { readFactory }, { storePlan }, { pipelineNames }] = await Promise.all([
    import('../factory/plan-pipeline.ts'),
    import('../factory/read-factory.ts'),
    import('../factory/store-plan.ts'),
    import('../../adf/plan/validate-factory.ts'),
  ])
  const factory = await readFactory(factoryFolder(settings))
  const names = pipelineNames(factory.source)
  // ADF compares names without regard to case.
  if (!names.some((name) => name.toLowerCase() === pipeline.toLowerCase()))
    throw new UsageError(
      `${factory.root} has no pipeline ${JSON.stringify(pipeline)}; pipelines are: ${names.join(', ')}`,
    )
  const { plan, issues } = planPipeline(factory, pipeline, settings.environment)
  const errors = issues.filter((issue) => issue.severity === 'error')
  if (plan === null)
    throw new DefinitionError(
      `${errors.length === 1 ? '1 error' : `${errors.length} errors`} in ${factory.root}; nothing was started:`,
      { issues: errors },
    )
  return {
    plan,
    warnings: issues
      .filter((issue) => issue.severity === 'warning')
      .map((issue) => `Warning: ${formatIssue(issue)}`),
    store: async () => {
      await storePlan(await openLake(settings), factory, plan)
      return plan
    },
  }
}
