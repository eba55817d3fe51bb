import type { Client, Connection } from '@temporalio/client'
import type { Settings } from '../../config/settings.ts'
import { openLake } from '../start/open-lake.ts'
import { readStack } from '../dev/stack-state.ts'
import { NotReachableError } from './exit-codes.ts'
import { knock } from './knock.ts'

/** Where the runs of these settings are. */
export interface Place {
  readonly address: string
  readonly namespace: string
  /** Base address of the UI without the namespace; null where there is none. */
  readonly ui: string | null
}

/** Throws a NotReachableError where no server is configured and none of the home runs. */
export function findPlace(settings: Settings): Place {
  const namespace = settings.temporalNamespace
  const started = readStack(settings.home).temporal
  const ui = settings.temporalUi ?? (settings.temporalAddress === null ? (started?.ui ?? null) : null)
  if (settings.temporalAddress !== null) return { address: settings.temporalAddress, namespace, ui }
  if (started === null)
    throw new NotReachableError(
      `Temporal is not running for ${settings.home.root}; start it with: ${upCommand(settings)}`,
    )
  return { address: started.address, namespace, ui }
}

/** Connects, lets `work` use the client, closes. Throws a NotReachableError when nothing answers. */
export async function withClient<T>(
  settings: Settings,
  work: (client: Client, place: Place) => Promise<T>,
): Promise<T> {
  const place = findPlace(settings)
  // Loaded late: `--help` must not wait for it.
  const { Client } = await import('@temporalio/client')
  const connection = await connect(place, settings)
  try {
    const { payloadStorage } = await import('../../lake/payload-storage.ts')
    const dataConverter = payloadStorage(await openLake(settings))
    return await work(new Client({ connection, namespace: place.namespace, dataConverter }), place)
  } finally {
    await connection.close()
  }
}

export function linkToRun(place: Place, workflowId: string, runId: string): string | null {
  if (place.ui === null) return null
  return `${place.ui}/namespaces/${place.namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}`
}

async function connect(place: Place, settings: Settings): Promise<Connection> {
  const { Connection } = await import('@temporalio/client')
  try {
    const refusal = await knock(place.address)
    if (refusal !== null) throw refusal
    return await Connection.connect({ address: place.address, connectTimeout: '5 seconds' })
  } catch (cause) {
    const fix =
      settings.temporalAddress === null
        ? `start it with: ${upCommand(settings)}`
        : `start it there, correct HEADRACE_TEMPORAL_ADDRESS, or leave that out and use: ${upCommand(settings)}`
    throw new NotReachableError(`Temporal is not reachable at ${place.address}; ${fix}`, { cause })
  }
}

function upCommand(settings: Settings): string {
  return settings.home.root.endsWith('/.headrace')
    ? 'headrace up'
    : `headrace up --home ${settings.home.root}`
}
