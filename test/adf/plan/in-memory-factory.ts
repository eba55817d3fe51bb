import { createHash } from 'node:crypto'
import { formatIssue } from '../../../adf/errors.ts'
import type { PlanResult } from '../../../adf/plan/build-plan.ts'
import { buildPlan } from '../../../adf/plan/build-plan.ts'
import type { FactorySource } from '../../../adf/plan/factory-source.ts'
import { validateFactory } from '../../../adf/plan/validate-factory.ts'

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A factory from texts by path. */
export function factoryOf(files: Readonly<Record<string, string>>): FactorySource {
  return {
    name: 'test',
    files: Object.entries(files).map(([path, text]) => ({ path, text, sha256: sha256(text) })),
  }
}

export function planOf(
  files: Readonly<Record<string, string>>,
  pipeline = 'x',
  environment = 'dev',
): PlanResult {
  return buildPlan(factoryOf(files), pipeline, environment, sha256)
}

/** Every issue of a factory as the CLI prints it; warnings say so. */
export function issuesOf(files: Readonly<Record<string, string>>): string[] {
  return validateFactory(factoryOf(files)).map(
    (issue) => `${issue.severity === 'warning' ? 'warning: ' : ''}${formatIssue(issue)}`,
  )
}

/** Issues of `pipeline/x.yaml` whose activities (indented by four) are given. */
export function activityIssues(activities: string, rest: Readonly<Record<string, string>> = {}): string[] {
  return issuesOf({ 'pipeline/x.yaml': pipelineText(activities), ...rest })
}

export function pipelineText(activities: string): string {
  return [
    'name: x',
    'properties:',
    '  parameters: { p: { type: String }, q: { type: Int, defaultValue: 1 } }',
    '  variables: { v: { type: String }, list: { type: Array } }',
    '  activities:',
    activities.replace(/^\n/, '').trimEnd(),
    '',
  ].join('\n')
}
