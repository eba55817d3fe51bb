import { continueAsNew, CancelledFailure, CancellationScope, setHandler } from '@temporalio/workflow'
import type { JsonValue } from '../adf/json.ts'
import type { RunStatus } from '../adf/run/status.ts'
import { historyLimits } from '../engine/events.ts'
import { Variables } from '../engine/variables.ts'
import { Frame } from './frame.ts'
import { addTallies, runIterations } from './iterations.ts'
import type { LaneResult, LaneState, LaneTask, LaneWorkflow } from './lane-start.ts'
import { pause, PauseGate, resume } from './pause-gate.ts'
import { RunRecords } from './records.ts'
import type { RoundsResult } from './rounds.ts'
import { runRounds } from './rounds.ts'
import type { Run, WorkflowRun } from './run.ts'
import { EventBudget, now, workflowEnvironment } from './run.ts'
import { runOnce } from './runners.ts'
import { Slots } from './slots.ts'
import { StatusNode } from './status-node.ts'
import { status } from './run-status.ts'
import { workflowShell } from './workflow-shell.ts'

/**
 * A share of a big loop. When its history is full it starts nothing more, lets what is in flight end, and continues as new
 * from where it was: its history stays small however many items there are.
 */
export async function loopLane(task: LaneTask, items: JsonValue[], state: LaneState): Promise<LaneResult> {
  const run = laneRun(task, state)
  const { loop } = task
  const outer = new Frame(null, task.item?.value, task.iterationPath)
  for (const [name, ended] of Object.entries(task.outer)) outer.end(name, ended)
  const frame = new Frame(outer, task.item?.value, task.iterationPath)
  const node = new StatusNode(loop.name, loop.type)
  node.begin(0, now())
  setHandler(pause, () => run.pauses.set(true))
  setHandler(resume, () => run.pauses.set(false))
  setHandler(status, () => laneStatus(run, task, node))

  const full = (): boolean => run.events.used > historyLimits.continueAsNew
  let { tally, next } = state
  let rounds: RoundsResult | null = null
  try {
    if (loop.type === 'ForEach') {
      node.iterations = { total: items.length, done: tally.done, failed: tally.failed, running: 0 }
      const part = await runIterations(run, loop, items, frame, node, {
        share: state.share,
        from: next,
        enough: full,
      })
      next = part.next
      tally = addTallies(tally, part.tally)
    } else {
      rounds = await runRounds(run, loop, next, state.deadline, frame, node, full)
      next = rounds.rounds
    }
  } finally {
    await run.records.close()
  }
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('The loop was cancelled')
  const operations = [...state.operations, ...run.variables.operations]
  const ended = frame.own()
  const more = rounds === null ? next < items.length : rounds.end === 'More'
  if (!more) return { tally, operations, ended, rounds }
  return continueAsNew<LaneWorkflow>(task, items, {
    ...state,
    next,
    paused: run.pauses.paused,
    variables: run.variables.values(),
    operations,
    tally,
    ended,
  })
}

function laneRun(task: LaneTask, state: LaneState): WorkflowRun {
  const { plan, context, parameters, system } = task
  const pipeline = plan.pipelines[task.pipeline]
  if (pipeline === undefined) throw new TypeError(`The plan has no pipeline '${task.pipeline}'`)
  return {
    plan,
    pipeline,
    context,
    parameters,
    system,
    variables: new Variables(pipeline.variables, state.variables),
    pauses: new PauseGate(state.paused),
    records: new RunRecords(),
    slots: new Slots(),
    events: new EventBudget(),
    environment: workflowEnvironment(),
    shell: workflowShell,
    runOnce,
  }
}

function laneStatus(run: Run, task: LaneTask, node: StatusNode): RunStatus {
  const { pipeline, runId, workflowId, batch } = task.context
  return {
    pipeline,
    runId,
    workflowId,
    batch,
    status: 'InProgress',
    paused: run.pauses.paused,
    start: node.start ?? '',
    end: null,
    message: null,
    activities: [node.toStatus()],
  }
}
