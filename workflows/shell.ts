/**
 * What the walk of a pipeline asks of the world around it, beside clock, GUIDs and random of its `Environment`: Temporal's timers and
 * scopes in a workflow, a virtual clock in a unit test of a pipeline.
 */
export interface Shell {
  /** Rejects with a CancelledFailure when what sleeps is cancelled. `summary`: shown beside the timer. */
  readonly sleep: (milliseconds: number, summary: string) => Promise<void>
  /** Whether what runs here is being cancelled: nothing more may start. */
  readonly cancelled: () => boolean
  /** Cancels `work`, and that alone, when it has not ended in time; inside it, the shell that it is given counts. */
  readonly within: <T>(milliseconds: number, work: (inner: Shell) => Promise<T>) => Promise<T>
}
