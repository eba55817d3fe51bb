import { createHash } from 'node:crypto'
import type { ScheduleSpec } from '@temporalio/client'
import { DefinitionError } from '../../adf/errors.ts'
import type { JsonObject } from '../../adf/json.ts'
import { loadFactory } from '../../adf/plan/load-factory.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import { resolveTriggers, type PlannedSchedule } from '../../adf/plan/resolve-triggers.ts'
import type { Lake } from '../../lake/lake.ts'
import { preparePlan } from '../factory/plan-pipeline.ts'
import type { FactoryFolder } from '../factory/read-factory.ts'
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
 * Throws a DefinitionError with every error of every trigger, also for what Temporal cannot express, before anything is stored.
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
  const issues = [...factory.triggers.values()].flatMap((trigger) => trigger.issues.list())
  const errors = issues.filter((issue) => issue.severity === 'error')
  if (errors.length > 0) {
    throw new DefinitionError(
      `${errors.length === 1 ? '1 error' : `${errors.length} errors`} in ${folder.root}; no schedule was changed:`,
      { issues: errors },
    )
  }
  const wanted: WantedSchedule[] = []
  for (const { schedule, spec } of timed) {
    const { state } = schedule
    if (state === 'Disabled') continue
    for (const { pipeline, parameters } of schedule.pipelines) {
      const plan = await preparePlan(lake, folder, pipeline, environment)
      wanted.push(withHash(factory.name, environment, { ...schedule, state }, { spec, plan, parameters }))
    }
  }
  return wanted
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
