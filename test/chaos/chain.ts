import { Client, Connection } from '@temporalio/client'
import { setTimeout as sleep } from 'node:timers/promises'
import { readStack } from '../../clients/dev/stack-state.ts'
import type { Installation } from '../support/installation.ts'

const pipelines = ['bronze_ingest', 'silver_transform', 'gold_analytics']

/** An activity attempt in the hands of a worker. */
export interface HeldActivity {
  readonly pipeline: string
  readonly activityId: string
  readonly type: string
  readonly attempt: number
}

export interface ChainState {
  /** History events of all runs of the chain so far. */
  readonly events: number
  readonly ended: boolean
  readonly held: readonly HeldActivity[]
}

/** Watches the three runs of a batch through the server, which may be gone at any moment. */
export class Chain {
  private connection: Connection | null = null
  private address = ''
  private readonly installation: Installation
  private readonly batch: string

  constructor(installation: Installation, batch: string) {
    this.installation = installation
    this.batch = batch
  }

  /** Null: nobody answers. Throws when a run ended otherwise than well. */
  async look(): Promise<ChainState | null> {
    const client = await this.client()
    if (client === null) return null
    let events = 0
    let completed = 0
    const held: HeldActivity[] = []
    for (const pipeline of pipelines) {
      const workflowId = `${pipeline}/${this.batch}`
      let found
      try {
        found = await client.withDeadline(Date.now() + 2000, () =>
          client.workflow.getHandle(workflowId).describe(),
        )
      } catch (error) {
        if (error instanceof Error && error.name === 'WorkflowNotFoundError') break
        await this.close()
        return null
      }
      const status = found.status.name
      if (status !== 'RUNNING' && status !== 'COMPLETED') throw new Error(`${workflowId} ended as ${status}`)
      events += found.historyLength
      if (status === 'COMPLETED') completed++
      for (const { activityType, activityId, attempt, state } of found.raw.pendingActivities ?? []) {
        // PENDING_ACTIVITY_STATE_STARTED
        if (state === 2)
          held.push({
            pipeline,
            activityId: activityId ?? '',
            type: activityType?.name ?? '',
            attempt: attempt ?? 1,
          })
      }
    }
    return { events, ended: completed === pipelines.length, held }
  }

  /** Looks until `wanted` says so; throws after `limitMs`. */
  async until(wanted: (state: ChainState) => boolean, what: string, limitMs = 300_000): Promise<ChainState> {
    const end = performance.now() + limitMs
    for (;;) {
      const state = await this.look()
      if (state !== null && wanted(state)) return state
      if (performance.now() > end)
        throw new Error(
          `${what}: not within ${limitMs / 1000} s; ${state === null ? 'no server answers' : JSON.stringify(state)}`,
        )
      await sleep(30)
    }
  }

  async close(): Promise<void> {
    const { connection } = this
    this.connection = null
    await connection?.close().catch(() => {})
  }

  private async client(): Promise<Client | null> {
    const address = readStack(this.installation.settings.home).temporal?.address
    if (address === undefined) return null
    if (this.connection !== null && this.address !== address) await this.close()
    this.connection ??= await Connection.connect({ address, connectTimeout: '2s' }).catch(() => null)
    this.address = address
    return this.connection === null ? null : new Client({ connection: this.connection })
  }
}
