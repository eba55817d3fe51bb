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
import type { PlannedPipeline } from '../adf/plan/plan.ts'
import type { PipelineRunInput, PipelineRunResult, PipelineRunStatus } from '../adf/run/run.ts'
import { cancelSignal } from '../adf/run/status.ts'
import { beginRun } from '../engine/begin-run.ts'
import { runFailureMessage } from '../engine/failure.ts'
import { withoutSecrets } from '../engine/parameters.ts'
import { adfTimestamp } from '../engine/timestamp.ts'
import { failureOf } from './activity-failure.ts'
import { startChained } from './chain.ts'
import { Frame } from './frame.ts'
import { pause, PauseGate, resume } from './pause-gate.ts'
import { records, RunRecords } from './records.ts'
import type { Run, WorkflowRun } from './run.ts'
import { EventBudget, now, workflowEnvironment } from './run.ts'
import { runOnce } from './runners.ts'
import { RunProgress, status } from './run-status.ts'
import { runScope, statusNodes } from './scope.ts'
import { scheduledTime, showAsAttributes, showOutcome } from './search-attributes.ts'
import { Slots } from './slots.ts'
import { workflowShell } from './workflow-shell.ts'

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
  setHandler(records, () => run.records.unwritten())
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

async function change(run: WorkflowRun, progress: RunProgress, paused: boolean): Promise<void> {
  const forwarded = run.pauses.set(paused)
  progress.show()
  await forwarded
}

/** Temporal knows a run as cancelled only when the server was asked for it; a workflow cannot ask for itself, an activity can. */
const { CancelRun } = proxyLocalActivities<CancelRunActivity>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumInterval: '5 seconds' },
})

function runOf(input: PipelineRunInput, pipeline: PlannedPipeline): WorkflowRun {
  const info = workflowInfo()
  const environment = workflowEnvironment()
  const identity = {
    runId: info.firstExecutionRunId,
    workflowId: info.workflowId,
    triggerTime: adfTimestamp(info.startTime.getTime()),
    scheduledTime: scheduledTime(),
  }
  try {
    return {
      plan: input.plan,
      pipeline,
      ...beginRun(input, pipeline, identity, environment),
      pauses: new PauseGate(false),
      records: new RunRecords(),
      slots: new Slots(),
      events: new EventBudget(),
      environment,
      shell: workflowShell,
      runOnce,
    }
  } catch (thrown) {
    throw refused(failureOf(thrown, pipeline.name).error.message)
  }
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
