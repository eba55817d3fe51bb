import { evaluate } from '../adf/expression/evaluate.ts'
import type { Environment } from '../adf/expression/scope.ts'
import type { JsonObject } from '../adf/json.ts'
import type { PlannedPipeline } from '../adf/plan/plan.ts'
import type { PipelineRunInput, RunContext } from '../adf/run/run.ts'
import { requireObject } from './evaluated.ts'
import { bindParameters } from './parameters.ts'
import { systemVariables } from './system-variables.ts'
import { givesExpressions, triggerScope } from './trigger.ts'
import { initialVariables, Variables } from './variables.ts'

/** Which run it is, as the world around it says. Times are ISO 8601 UTC. */
export interface RunIdentity {
  readonly runId: string
  readonly workflowId: string
  readonly triggerTime: string
  /** Of the schedule that started it; null where none did. */
  readonly scheduledTime: string | null
}

export interface BegunRun {
  readonly context: RunContext
  readonly parameters: JsonObject
  /** System variables of `pipeline()`. */
  readonly system: JsonObject
  readonly variables: Variables
}

/** What a run starts with. Throws a DefinitionError (an expression's error has that name too) where it may not start. */
export function beginRun(
  input: PipelineRunInput,
  pipeline: PlannedPipeline,
  { runId, workflowId, triggerTime, scheduledTime }: RunIdentity,
  environment: Environment,
): BegunRun {
  const trigger = { ...input.trigger, scheduledTime: input.trigger.scheduledTime ?? scheduledTime }
  const scope = triggerScope(trigger, triggerTime, input.plan)
  const given = givesExpressions(trigger)
    ? requireObject(evaluate(input.parameters, scope, environment))
    : input.parameters
  const parameters = bindParameters(pipeline.parameters, given, `pipeline '${pipeline.name}'`)
  const context: RunContext = {
    factory: input.plan.factory,
    environment: input.plan.environment,
    pipeline: pipeline.name,
    runId,
    groupId: input.groupId ?? runId,
    workflowId,
    batch: batchOf(parameters) ?? runId,
    trigger,
    triggerTime,
  }
  return {
    context,
    parameters,
    system: systemVariables(context, input.invokedBy),
    variables: new Variables(pipeline.variables, initialVariables(pipeline)),
  }
}

function batchOf(parameters: JsonObject): string | null {
  const batch = parameters['batch']
  return typeof batch === 'string' && batch !== '' ? batch : null
}
