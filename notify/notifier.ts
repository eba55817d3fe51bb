/**
 * What a notification says: the same, byte for byte, in every repetition. All of it may be shown to people: secure inputs are already
 * left out.
 */
export interface Notification {
  /** The same for every repetition of one notification: receivers drop what they have seen. */
  readonly deduplicationKey: string
  readonly severity: 'info' | 'warning' | 'error'
  readonly title: string
  readonly text: string
  readonly factory: string
  readonly environment: string
  readonly pipeline: string
  readonly runId: string
  readonly batch: string
  /** Null where the notification is about the whole run. */
  readonly activity: string | null
  readonly error: string | null
  readonly input: unknown
  /** Link to the run in the Temporal UI; null where no UI is configured. */
  readonly runLink: string | null
  /** When the run was triggered, ISO 8601 UTC. */
  readonly triggerTime: string
}

/** One channel. Sending is repeatable: at least once, with the same key. Throws when the outside world fails. */
export interface Notifier {
  readonly name: string
  send(notification: Notification, signal: AbortSignal): Promise<void>
}
