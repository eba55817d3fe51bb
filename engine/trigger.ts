import type { Scope } from '../adf/expression/scope.ts'
import type { Plan } from '../adf/plan/plan.ts'
import type { RunTrigger } from '../adf/run/run.ts'

/** What a trigger's parameter map can see: `trigger()`, `triggerBody()`, global parameters. Times as ADF prints them. */
export function triggerScope(
  trigger: RunTrigger,
  startTime: string,
  plan: Pick<Plan, 'globalParameters'>,
): Scope {
  const { body, name, scheduledTime } = trigger
  return {
    trigger: { name, startTime, scheduledTime: scheduledTime ?? startTime, ...body },
    triggerBody: body['body'] ?? body,
    globalParameters: plan.globalParameters,
  }
}

/** Values given by a person or by ExecutePipeline are taken as they are; a trigger's map holds expressions. */
export function givesExpressions(trigger: RunTrigger): boolean {
  return trigger.type !== 'Manual' && trigger.type !== 'PipelineActivity'
}
