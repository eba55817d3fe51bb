import { createHash } from 'node:crypto'
import type { DefinitionIssue } from '../../adf/errors.ts'
import { DefinitionError, formatIssue } from '../../adf/errors.ts'
import type { PlanResult } from '../../adf/plan/build-plan.ts'
import { buildPlan } from '../../adf/plan/build-plan.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import { validateFactory } from '../../adf/plan/validate-factory.ts'
import type { Lake } from '../../lake/lake.ts'
import { documentIssues } from './document-issues.ts'
import type { FactoryFolder } from './read-factory.ts'
import { storePlan } from './store-plan.ts'

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The plan of a pipeline, or what is wrong. */
export function planPipeline(factory: FactoryFolder, pipeline: string, environment: string): PlanResult {
  const { plan, issues } = buildPlan(factory.source, pipeline, environment, sha256)
  const documents = documentIssues(factory.source)
  const failed = documents.some((issue) => issue.severity === 'error')
  return { plan: failed ? null : plan, issues: [...issues, ...documents] }
}

/** Everything that is wrong in a factory: resources, table contracts and routine schemas. */
export function factoryIssues(factory: FactoryFolder): DefinitionIssue[] {
  return [...validateFactory(factory.source), ...documentIssues(factory.source)]
}

/** A plan that is ready to start: its files lie in the lake. Throws a DefinitionError that lists every error. */
export async function preparePlan(
  lake: Lake,
  factory: FactoryFolder,
  pipeline: string,
  environment: string,
): Promise<Plan> {
  const { plan, issues } = planPipeline(factory, pipeline, environment)
  if (plan === null) {
    const errors = issues.filter((issue) => issue.severity === 'error')
    const count = errors.length === 1 ? '1 error' : `${errors.length} errors`
    throw new DefinitionError(`${count} in ${factory.root}:\n${errors.map(formatIssue).join('\n')}`, {
      issues,
    })
  }
  await storePlan(lake, factory, plan)
  return plan
}
