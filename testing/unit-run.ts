import { ApplicationFailure, CancelledFailure, ChildWorkflowFailure, RetryState } from '@temporalio/common'
import type { Environment } from '../adf/expression/scope.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ControlActivity, Plan, PlannedActivity, PlannedPipeline } from '../adf/plan/plan.ts'
import type { PipelineRunInput, RunTrigger } from '../adf/run/run.ts'
import { beginRun } from '../engine/begin-run.ts'
import { runFailureMessage } from '../engine/failure.ts'
import { adfTimestamp } from '../engine/timestamp.ts'
import { failureOf } from '../workflows/activity-failure.ts'
import { startChained } from '../workflows/chain.ts'
import { childInput } from '../workflows/control/execute-pipeline.ts'
import { neverThere, validationInput } from '../workflows/control/validation.ts'
import { Frame } from '../workflows/frame.ts'
import type { Run, Try } from '../workflows/run.ts'
import { runOnce } from '../workflows/runners.ts'
import { runScope, statusNodes } from '../workflows/scope.ts'
import type { Shell } from '../workflows/shell.ts'
import { invocationOf } from '../workflows/work.ts'
import { innerActivities } from '../engine/activities-of.ts'
import { label, namesOf } from './label.ts'
import type { Step } from './steps.ts'
import { Steps } from './steps.ts'
import type { Stub, Stubs } from './stub.ts'
import { playStub, UnstubbedError } from './stub.ts'
import { VirtualShell, VirtualTime } from './virtual-time.ts'

export interface UnitRunInput {
  readonly plan: Plan
  readonly parameters: JsonObject
  /** In place of what the variables begin with. */
  readonly variables: JsonObject
  readonly trigger: RunTrigger
  /** Milliseconds since 1970. */
  readonly startTime: number
  readonly stubs: Stubs
  /** Resolves once all promises that can go on have done so; the caller's, since this room has no timers. */
  readonly idle: () => Promise<void>
}

export interface UnitRun {
  readonly status: 'Succeeded' | 'Failed' | 'Cancelled'
  /** ADF's message of a failed run. */
  readonly message: string | null
  readonly ran: readonly Step[]
  readonly unrun: readonly Step[]
  /** Labels of both, in the order in which they ended. */
  readonly ended: readonly string[]
  /** Names of the stubs that were used. */
  readonly played: ReadonlySet<string>
  readonly variables: JsonObject
  readonly returnValue: JsonObject
  /** Pipelines that ChainingTriggers would start after success, with their parameters. */
  readonly starts: Readonly<Record<string, JsonObject>>
}

/** How a pipeline ended, with its own variables. */
type PipelineEnd = Pick<UnitRun, 'status' | 'message' | 'variables' | 'returnValue' | 'starts'>

/** What all pipelines of one test share. */
interface Surroundings {
  readonly stubs: Stubs
  readonly played: Set<string>
  readonly steps: Steps
  readonly time: VirtualTime
  readonly environment: Environment
  readonly startTime: number
  /** Children that nobody waits for. */
  readonly abandoned: Promise<unknown>[]
}

/**
 * Walks a pipeline with the code that walks it in a workflow, on a virtual clock, with stubs in place of work. Rejects with an
 * UnstubbedError, or a DefinitionError where given variables do not fit.
 */
export async function runUnit(input: UnitRunInput): Promise<UnitRun> {
  const time = new VirtualTime(input.startTime)
  const around: Surroundings = {
    stubs: input.stubs,
    played: new Set(),
    steps: new Steps(),
    time,
    environment: repeatable(time),
    startTime: input.startTime,
    abandoned: [],
  }
  const { plan, parameters, trigger } = input
  const run: PipelineRunInput = {
    plan,
    pipeline: plan.pipeline,
    parameters,
    trigger,
    invokedBy: null,
    groupId: null,
    chain: true,
  }
  const ended = runPipeline(run, around, '', new VirtualShell(time), input.variables)
  const end = await time.until(ended, input.idle)
  for (const child of around.abandoned) await time.until(child, input.idle)
  return {
    ...end,
    ran: around.steps.ran(),
    unrun: around.steps.unrun(),
    ended: around.steps.ended(),
    played: around.played,
  }
}

async function runPipeline(
  input: PipelineRunInput,
  around: Surroundings,
  prefix: string,
  shell: Shell,
  variables: JsonObject,
): Promise<PipelineEnd> {
  const pipeline = input.plan.pipelines[input.pipeline]
  if (pipeline === undefined) throw new TypeError(`The plan has no pipeline '${input.pipeline}'`)
  const identity = {
    runId: around.environment.guid(),
    workflowId: `${pipeline.name}/test`,
    triggerTime: adfTimestamp(around.startTime),
    scheduledTime: null,
  }
  let begun
  try {
    begun = beginRun(input, pipeline, identity, around.environment)
  } catch (thrown) {
    const { message } = failureOf(thrown, pipeline.name).error
    return { status: 'Failed', message, variables: {}, returnValue: {}, starts: {} }
  }
  for (const [variable, value] of Object.entries(variables))
    begun.variables.apply({ kind: 'Set', variable, value })
  const run = runOf(input, pipeline, begun, around, prefix, shell)
  const { activities } = pipeline
  const frame = new Frame(null, undefined, '')
  const result = await runScope(run, activities, frame, statusNodes(activities))
  const end = { variables: run.variables.values(), returnValue: run.variables.returnValue, starts: {} }
  if (result.status === 'Failed')
    return { status: 'Failed', message: runFailureMessage(result.culprits), ...end }
  if (result.status === 'Cancelled') return { status: 'Cancelled', message: 'The run was cancelled', ...end }
  const starts: Record<string, JsonObject> = {}
  const problem = input.chain
    ? await startChained(run, frame, async (_run, { link, parameters }) => {
        starts[link.pipeline] = parameters
      })
    : null
  return { status: 'Succeeded', message: problem, ...end, starts }
}

function runOf(
  { plan }: PipelineRunInput,
  pipeline: PlannedPipeline,
  begun: ReturnType<typeof beginRun>,
  around: Surroundings,
  prefix: string,
  shell: Shell,
): Run {
  const { steps, environment } = around
  const byName = new Map(innerActivities(pipeline.activities).map((one) => [one.name, one]))
  const find = (name: string): PlannedActivity => {
    const found = byName.get(name)
    if (found === undefined) throw new TypeError(`${pipeline.name} has no activity '${name}'`)
    return found
  }
  return {
    plan,
    pipeline,
    ...begun,
    pauses: { paused: false, open: async () => {}, including: (_child, ended) => ended },
    records: { add: (record) => steps.end(record, prefix, find), room: async () => {} },
    slots: { hold: (work) => work() },
    // A history that never fills: loops never move to lanes.
    events: { expected: -Infinity, used: 0, reserve: () => {}, release: () => {} },
    environment,
    shell,
    runOnce: (activity, attempt) => {
      const keep = steps.begin(activity, attempt, prefix)
      const output = runStep(activity, attempt, around, prefix)
      // Looked at from aside: one promise more would change the order in which things go on.
      if (output instanceof Promise) output.then(keep, () => {})
      else keep(output)
      return output
    },
  }
}

function runStep(
  activity: PlannedActivity,
  attempt: Try,
  around: Surroundings,
  prefix: string,
): JsonValue | Promise<JsonValue> {
  const stub = stubOf(activity, attempt, around, prefix)
  const { shell } = attempt.run
  switch (activity.type) {
    case 'Validation': {
      const input = validationInput(activity, attempt)
      return playStub(
        needed(stub, activity, attempt, around.stubs, prefix),
        activity,
        shell,
        activity.timeoutMs,
      ).catch((thrown: unknown) => {
        if (failureOf(thrown, activity.name).status === 'TimedOut') throw neverThere(activity, input)
        throw thrown
      })
    }
    case 'ExecutePipeline':
      if (stub === null) return runCalled(activity, attempt, around, prefix)
      childInput(activity, attempt)
      return playStub(stub, activity, shell)
    case 'ForEach':
    case 'IfCondition':
    case 'Switch':
    case 'Until':
    case 'Wait':
    case 'SetVariable':
    case 'AppendVariable':
    case 'Filter':
    case 'Fail':
      return stub === null ? runOnce(activity, attempt) : playStub(stub, activity, shell)
    default:
      attempt.input = invocationOf(activity, attempt).typeProperties
      return playStub(needed(stub, activity, attempt, around.stubs, prefix), activity, shell)
  }
}

function stubOf(
  activity: PlannedActivity,
  { frame, retryAttempt }: Try,
  around: Surroundings,
  prefix: string,
): Stub | null {
  for (const name of namesOf(prefix, activity.name, frame.iterationPath, retryAttempt)) {
    const stub = around.stubs.get(name)
    if (stub === undefined) continue
    around.played.add(name)
    return stub
  }
  return null
}

/** Work is never taken for done in silence. */
function needed(
  stub: Stub | null,
  { name, type }: PlannedActivity,
  attempt: Try,
  stubs: Stubs,
  prefix: string,
): Stub {
  const found = stub ?? stubs.get('*')
  if (found === undefined) throw new UnstubbedError(label(prefix, name, attempt.frame.iterationPath, 0), type)
  return found
}

/** The same numbers in every run of a test. */
function repeatable(time: VirtualTime): Environment {
  let guids = 0
  let seed = 1
  return {
    now: () => time.now,
    guid: () => {
      guids += 1
      return `00000000-0000-4000-8000-${guids.toString(16).padStart(12, '0')}`
    },
    random: () => {
      // Park and Miller's minimal standard generator.
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    },
  }
}

/** A pipeline that another one calls runs in the test too, as its child. */
async function runCalled(
  activity: Extract<ControlActivity, { type: 'ExecutePipeline' }>,
  attempt: Try,
  around: Surroundings,
  prefix: string,
): Promise<JsonValue> {
  const input = childInput(activity, attempt)
  const { iterationPath } = attempt.frame
  const inside = `${label(prefix, activity.name, iterationPath, attempt.retryAttempt)}/`
  const shell = activity.waitOnCompletion ? attempt.run.shell : new VirtualShell(around.time)
  const started = { pipelineName: activity.pipeline, pipelineRunId: around.environment.guid() }
  const ended = runPipeline(input, around, inside, shell, {})
  if (!activity.waitOnCompletion) {
    around.abandoned.push(ended)
    // Looked at once the test's own pipeline has ended.
    ended.catch(() => {})
    return started
  }
  const end = await ended
  if (end.status === 'Cancelled') throw new CancelledFailure('The run was cancelled')
  if (end.status === 'Failed') throw childFailed(activity.pipeline, end.message ?? '')
  return { ...started, pipelineReturnValue: end.returnValue }
}

function childFailed(pipeline: string, message: string): ChildWorkflowFailure {
  const cause = ApplicationFailure.create({ type: 'PipelineFailed', message, nonRetryable: true })
  return new ChildWorkflowFailure(
    undefined,
    { workflowId: pipeline, runId: '' },
    pipeline,
    RetryState.NON_RETRYABLE_FAILURE,
    cause,
  )
}
