import { defineQuery, setCurrentDetails } from '@temporalio/workflow'
import type { PipelineRunStatus, RunContext } from '../adf/run/run.ts'
import type { RunStatus } from '../adf/run/status.ts'
import { statusQuery } from '../adf/run/status.ts'
import type { PauseGate } from './pause-gate.ts'
import type { StatusNode } from './status-node.ts'

export const status = defineQuery<RunStatus>(statusQuery)

/** How a run stands: what the query answers, and the table that the Temporal UI shows. */
export class RunProgress {
  readonly #context: RunContext
  readonly #pauses: PauseGate
  readonly #start: string
  #status: PipelineRunStatus = 'InProgress'
  #end: string | null = null
  #message: string | null = null
  nodes: readonly StatusNode[] = []

  constructor(context: RunContext, pauses: PauseGate, start: string) {
    this.#context = context
    this.#pauses = pauses
    this.#start = start
  }

  finish(outcome: PipelineRunStatus, end: string, message: string | null): void {
    this.#status = outcome
    this.#end = end
    this.#message = message
    this.show()
  }

  /** Renews the table; called when an activity at the top changes its state. */
  show(): void {
    setCurrentDetails(detailsOf(this.toStatus()))
  }

  toStatus(): RunStatus {
    const { pipeline, runId, workflowId, batch } = this.#context
    return {
      pipeline,
      runId,
      workflowId,
      batch,
      status: this.#status,
      paused: this.#pauses.paused,
      start: this.#start,
      end: this.#end,
      message: this.#message,
      activities: this.nodes.map((node) => node.toStatus()),
    }
  }
}

/** The activities at the top, as a Markdown table. */
function detailsOf(run: RunStatus): string {
  const rows = run.activities.map(({ name, type, status: state, start, end, error }) => {
    const seconds =
      start === null || end === null ? '' : `${((Date.parse(end) - Date.parse(start)) / 1000).toFixed(1)} s`
    return `| ${cell(name)} | ${type} | ${state} | ${seconds} | ${cell(error?.message ?? '')} |`
  })
  const paused = run.paused ? ', paused' : ''
  return [
    `**${run.status}**${paused}, batch \`${run.batch}\``,
    '',
    '| Activity | Type | Status | Time | Error |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function cell(text: string): string {
  const line = text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}
