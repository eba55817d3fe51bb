import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineSignal,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { CancelRunActivity } from '../activities/cancel-run.ts'
import { evaluate } from '../adf/expression/evaluate.ts'
import type { JsonObject } from '../adf/json.ts'
import type { PlannedPipeline } from '../adf/plan/plan.ts'
import type { PipelineRunInput, PipelineRunResult, PipelineRunStatus, RunContext } from '../adf/run/run.ts'
import { cancelSignal } from '../adf/run/status.ts'
import { requireObject } from '../engine/evaluated.ts'
import { runFailureMessage } from '../engine/failure.ts'
import { bindParameters, withoutSecrets } from '../engine/parameters.ts'
import { systemVariables } from '../engine/system-variables.ts'
import { adfTimestamp } from '../engine/timestamp.ts'
import { givesExpressions, triggerScope } from '../engine/trigger.ts'
import { initialVariables, Variables } from '../engine/variables.ts'
import { failureOf } from './activity-failure.ts'
import { startChained } from './chain.ts'
import { Frame } from './frame.ts'
import { pause, PauseGate, resume } from './pause-gate.ts'
import { RunRecords } from './records.ts'
import type { Run } from './run.ts'
import { EventBudget, now, workflowEnvironment } from './run.ts'
import { runOnce } from './runners.ts'
import { RunProgress, status } from './run-status.ts'
import { runScope, statusNodes } from './scope.ts'
import { scheduledTime, showAsAttributes, showOutcome } from './search-attributes.ts'
import { Slots } from './slots.ts'

const cancel = defineSignal(cancelSignal)

interface End {
  readonly status: Extract<PipelineRunStatus, 'Succeeded' | 'Failed' | 'Cancelled'>
  readonly message: string | null
}

/** Every pipeline's workflow: its type is the pipeline's name, its argument holds all that it needs. */
export async function runPipeline(input: PipelineRunInput): Promise<PipelineRunResult> {
  const pipeline = input.plan.pipelines[input.pipeline]
  if (pipeline === undefined) throw refused(`The plan has no pipeline '${input.pipeline}'`)
  const run = runOf(input, pipeline)
  const start = now()
  const progress = new RunProgress(run.context, run.pauses, start)
  setHandler(status, () => progress.toStatus())
  setHandler(pause, () => change(run, progress, true))
  setHandler(resume, () => change(run, progress, false))
  setHandler(cancel, () => CancellationScope.nonCancellable(() => CancelRun()))
  showAsAttributes(run.context)

  progress.nodes = statusNodes(pipeline.activities, () => progress.show())
  progress.show()
  run.records.addRun(runRecord(input, run, start, null, null))

  const frame = new Frame(null, undefined, '')
  let end = await toItsEnd(run, frame, progress)
  await run.records.close()
  if (end.status === 'Succeeded' && input.chain) end = { ...end, message: await startChained(run, frame) }
  const ended = now()
  progress.finish(end.status, ended, end.message)
  showOutcome(end.status)
  run.records.addRun(runRecord(input, run, start, end, ended))
  await run.records.close()

  if (end.status === 'Cancelled') throw new CancelledFailure('The run was cancelled')
  if (end.status === 'Failed') {
    throw ApplicationFailure.create({
      type: 'PipelineFailed',
      message: end.message ?? 'The run failed',
      nonRetryable: true,
      details: [{ runId: run.context.runId }],
    })
  }
  return { runId: run.context.runId, status: 'Succeeded', returnValue: run.variables.returnValue }
}

async function toItsEnd(run: Run, frame: Frame, progress: RunProgress): Promise<End> {
  const result = await runScope(run, run.pipeline.activities, frame, progress.nodes)
  if (result.status === 'Failed') return { status: 'Failed', message: runFailureMessage(result.culprits) }
  if (result.status === 'Cancelled' || CancellationScope.current().consideredCancelled)
    return { status: 'Cancelled', message: 'The run was cancelled' }
  return { status: 'Succeeded', message: null }
}

async function change(run: Run, progress: RunProgress, paused: boolean): Promise<void> {
  const forwarded = run.pauses.set(paused)
  progress.show()
  await forwarded
}

/** Temporal knows a run as cancelled only when the server was asked for it; a workflow cannot ask for itself, an activity can. */
const { CancelRun } = proxyLocalActivities<CancelRunActivity>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumInterval: '5 seconds' },
})

function runOf(input: PipelineRunInput, pipeline: PlannedPipeline): Run {
  const info = workflowInfo()
  const environment = workflowEnvironment()
  const triggerTime = adfTimestamp(info.startTime.getTime())
  const trigger = { ...input.trigger, scheduledTime: input.trigger.scheduledTime ?? scheduledTime() }
  try {
    const scope = triggerScope(trigger, triggerTime, input.plan)
    const given = givesExpressions(trigger)
      ? requireObject(evaluate(input.parameters, scope, environment))
      : input.parameters
    const parameters = bindParameters(pipeline.parameters, given, `pipeline '${pipeline.name}'`)
    const runId = info.firstExecutionRunId
    const context: RunContext = {
      factory: input.plan.factory,
      environment: input.plan.environment,
      pipeline: pipeline.name,
      runId,
      groupId: input.groupId ?? runId,
      workflowId: info.workflowId,
      batch: batchOf(parameters) ?? runId,
      trigger,
      triggerTime,
    }
    const pauses = new PauseGate(false)
    return {
      plan: input.plan,
      pipeline,
      context,
      parameters,
      system: systemVariables(context, input.invokedBy),
      variables: new Variables(pipeline.variables, initialVariables(pipeline)),
      pauses,
      records: new RunRecords(),
      slots: new Slots(),
      events: new EventBudget(),
      environment,
      runOnce,
    }
  } catch (thrown) {
    throw refused(failureOf(thrown, pipeline.name).error.message)
  }
}

function batchOf(parameters: JsonObject): string | null {
  const batch = parameters['batch']
  return typeof batch === 'string' && batch !== '' ? batch : null
}

function refused(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: 'DefinitionError', message, nonRetryable: true })
}

function runRecord(input: PipelineRunInput, run: Run, start: string, end: End | null, ended: string | null) {
  const { context, pipeline } = run
  return {
    runId: context.runId,
    groupId: context.groupId,
    workflowId: context.workflowId,
    factory: context.factory,
    environment: context.environment,
    pipeline: pipeline.name,
    planHash: input.plan.hash,
    batch: context.batch,
    parameters: withoutSecrets(pipeline.parameters, run.parameters),
    triggerType: context.trigger.type,
    triggerName: context.trigger.name,
    invokedByRunId: input.invokedBy?.pipelineRunId ?? null,
    status: end?.status ?? 'InProgress',
    start,
    end: ended,
    message: end?.message ?? null,
    returnValue: end?.status === 'Succeeded' ? run.variables.returnValue : null,
  } as const
}
