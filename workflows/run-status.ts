import { defineQuery, setCurrentDetails } from '@temporalio/workflow'
import type { PipelineRunStatus, RunContext } from '../adf/run/run.ts'
import type { RunStatus } from '../adf/run/status.ts'
import { statusQuery } from '../adf/run/status.ts'
import type { PauseGate } from './pause-gate.ts'
import type { StatusNode } from './status-node.ts'

export const status = defineQuery<RunStatus>(statusQuery)

/** Activities that the table shows. */
const mostRows = 100

/** How a run stands: what the query answers, and the table that the Temporal UI shows. */
export class RunProgress {
  readonly #context: RunContext
  readonly #pauses: PauseGate
  readonly #start: string
  #status: PipelineRunStatus = 'InProgress'
  #end: string | null = null
  #message: string | null = null
  #isStale = false
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

  /**
   * Renews the table; called when an activity at the top changes its state. Once for all that changes together: a thousand
   * activities side by side would make a thousand rows a thousand times.
   */
  show(): void {
    if (this.#isStale) return
    this.#isStale = true
    void Promise.resolve().then(() => {
      this.#isStale = false
      setCurrentDetails(this.#details())
    })
  }

  /** The activities at the top, as a Markdown table. */
  #details(): string {
    const shown = mostTelling(this.nodes)
    const paused = this.#pauses.paused ? ', paused' : ''
    const left = this.nodes.length - shown.length
    return [
      `**${this.#status}**${paused}, batch \`${this.#context.batch}\``,
      '',
      '| Activity | Type | Status | Time | Error |',
      '|---|---|---|---|---|',
      ...shown.map(rowOf),
      ...(left === 0 ? [] : ['', `and ${left} more`]),
    ].join('\n')
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

/** All of them; of very many those that a person looks for. */
function mostTelling(nodes: readonly StatusNode[]): readonly StatusNode[] {
  if (nodes.length <= mostRows) return nodes
  const telling = nodes.filter(({ status: state }) => state !== 'Waiting' && state !== 'Succeeded')
  const others = nodes.filter(({ status: state }) => state === 'Waiting' || state === 'Succeeded')
  return [...telling, ...others].slice(0, mostRows)
}

function rowOf({ name, type, status: state, start, end, error }: StatusNode): string {
  const seconds =
    start === null || end === null ? '' : `${((Date.parse(end) - Date.parse(start)) / 1000).toFixed(1)} s`
  return `| ${cell(name)} | ${type} | ${state} | ${seconds} | ${cell(error?.message ?? '')} |`
}

function cell(text: string): string {
  const line = text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}
