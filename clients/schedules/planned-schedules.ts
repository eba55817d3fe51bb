import { createHash } from 'node:crypto'
import type { ScheduleSpec } from '@temporalio/client'
import { DefinitionError, type DefinitionIssue } from '../../adf/errors.ts'
import type { JsonObject } from '../../adf/json.ts'
import { loadFactory } from '../../adf/plan/load-factory.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import { resolveTriggers, type PlannedSchedule } from '../../adf/plan/resolve-triggers.ts'
import type { Lake } from '../../lake/lake.ts'
import { planPipeline } from '../factory/plan-pipeline.ts'
import type { FactoryFolder } from '../factory/read-factory.ts'
import { storePlan } from '../factory/store-plan.ts'
import { isInexpressible, scheduleSpec } from './schedule-spec.ts'

/** One pipeline of one ScheduleTrigger: one Temporal Schedule. */
export interface WantedSchedule {
  /** `<factory>/<environment>/<trigger>/<pipeline>` */
  readonly id: string
  readonly trigger: string
  readonly description: string
  /** The trigger's runtimeState. A Stopped trigger's schedule is there, but paused. */
  readonly state: 'Started' | 'Stopped'
  readonly spec: ScheduleSpec
  readonly plan: Plan
  /** May read `@trigger()`; evaluated by each run. */
  readonly parameters: JsonObject
  /** SHA-256 of all of the above: an equal schedule is left alone. */
  readonly hash: string
}

/** What all schedules of a factory's environment begin with. */
export function schedulePrefix(factory: string, environment: string): string {
  return `${factory}/${environment}/`
}

/** The name that a factory gives itself. */
export function factoryName(folder: FactoryFolder): string {
  return loadFactory(folder.source).name
}

/**
 * The schedules of a factory's ScheduleTriggers, Disabled ones left out; the files that their plans name are put into the lake.
 * Throws a DefinitionError with every error of the triggers, also for what Temporal cannot express, or else of their pipelines, before anything is stored.
 */
export async function wantedSchedules(
  folder: FactoryFolder,
  environment: string,
  lake: Lake,
): Promise<WantedSchedule[]> {
  const factory = loadFactory(folder.source)
  const { schedules } = resolveTriggers(factory)
  const timed = schedules.flatMap((schedule) => {
    const spec = scheduleSpec(schedule.recurrence)
    if (!isInexpressible(spec)) return [{ schedule, spec }]
    const path = ['properties', 'typeProperties', 'recurrence', ...spec.path]
    factory.triggers.get(schedule.trigger.toLowerCase())?.issues.report(path, spec.message)
    return []
  })
  refuseErrors(
    folder,
    [...factory.triggers.values()].flatMap((trigger) => trigger.issues.list()),
  )
  const wanted: WantedSchedule[] = []
  const issues: DefinitionIssue[] = []
  for (const { schedule, spec } of timed) {
    const { state } = schedule
    if (state === 'Disabled') continue
    for (const { pipeline, parameters } of schedule.pipelines) {
      const result = planPipeline(folder, pipeline, environment)
      issues.push(...result.issues)
      if (result.plan === null) continue
      const { plan } = result
      wanted.push(withHash(factory.name, environment, { ...schedule, state }, { spec, plan, parameters }))
    }
  }
  refuseErrors(folder, issues)
  for (const { plan } of wanted) await storePlan(lake, folder, plan)
  return wanted
}

function refuseErrors(folder: FactoryFolder, issues: readonly DefinitionIssue[]): void {
  const errors = issues.filter((issue) => issue.severity === 'error')
  if (errors.length === 0) return
  throw new DefinitionError(
    `${errors.length === 1 ? '1 error' : `${errors.length} errors`} in ${folder.root}; no schedule was changed:`,
    { issues: errors },
  )
}

function withHash(
  factory: string,
  environment: string,
  {
    trigger,
    description,
    state,
  }: Pick<PlannedSchedule, 'trigger' | 'description'> & Pick<WantedSchedule, 'state'>,
  started: Pick<WantedSchedule, 'spec' | 'plan' | 'parameters'>,
): WantedSchedule {
  const { spec, plan, parameters } = started
  const content = JSON.stringify([trigger, description, state, spec, plan.hash, parameters])
  return {
    id: `${schedulePrefix(factory, environment)}${trigger}/${plan.pipeline}`,
    trigger,
    description,
    state,
    ...started,
    hash: createHash('sha256').update(content).digest('hex'),
  }
}
