import { temporal } from '@temporalio/proto'

const { History } = temporal.api.history.v1
export type History = temporal.api.history.v1.IHistory

/** A history as readable JSON and back. The SDK's own `historyToJSON` fails wherever npm installs protobufjs more than once. */
export function historyText(history: History): string {
  const object = History.toObject(History.fromObject(history), {
    bytes: String,
    longs: String,
    enums: String,
  })
  return `${JSON.stringify(object, withoutMachine, 1)}\n`
}

/** Stack traces and identities say on which machine it was recorded; a replay needs neither. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'stackTrace' || key === 'identity') return undefined
  // A worker's sticky queue is named by process and host.
  return typeof value === 'string' && /^\d+@/.test(value) ? 'sticky' : value
}

export function readHistory(text: string): History {
  const object: Record<string, unknown> = JSON.parse(text)
  return History.fromObject(object)
}
