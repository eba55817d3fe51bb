import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { ActivityInvocation } from '../adf/run/run.ts'
import type { ActivityProgress } from '../adf/run/status.ts'
import type { ZipLimits } from '../formats/zip/zip-reader.ts'
import type { Lake } from '../lake/lake.ts'
import type { Notifier } from '../notify/notifier.ts'
import type { Stores } from '../stores/store.ts'
import type { Secrets } from '../stores/secrets.ts'
import type { DuckDb } from '../tables/duckdb/duckdb.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'

/** What an activity works with: handed in by the worker, by a test with its own lake. */
export interface Dependencies {
  readonly lake: Lake
  readonly duckdb: DuckDb
  readonly warehouse: Warehouse
  readonly notifiers: readonly Notifier[]
  readonly secrets: Secrets
  readonly stores: Stores
  readonly settings: ActivitySettings
}

export interface ActivitySettings {
  /** IANA zone of scanning PCs whose timestamps carry none. */
  readonly scanTimeZone: string
  /** Base address of the Temporal UI with namespace, e.g. `http://127.0.0.1:8233/namespaces/default`; null without UI. */
  readonly temporalUi: string | null
  /** What a ZIP of a drop may hold; limits that are left out are those of the reader. */
  readonly zip?: Partial<ZipLimits>
  /** Base address of Microsoft Entra, which gives tokens to service principals. */
  readonly entraAuthority: string
  /** Base address under which others reach this worker's callback server; null: it has none. */
  readonly callbackUrl: string | null
}

/** The running attempt. */
export interface ActivityContext {
  /** Aborted on cancel, on the policy's timeout and on worker shutdown. */
  readonly signal: AbortSignal
  /** Temporal's attempt, from 1: above 1 after a lost worker. */
  readonly attempt: number
  /** What the attempt before this one saved by `checkpoint`; null in the first. */
  readonly cursor: JsonValue
  /** Shown to people; replaces what was reported before. */
  progress(progress: Partial<ActivityProgress>): void
  /** Saved with the next heartbeat, so that the next attempt goes on from here. */
  checkpoint(cursor: JsonValue): void
}

/**
 * One activity type. `P`: its typeProperties, evaluated. The output is ADF's `output` object: paths, counts and checksums, never data.
 * Repeatable: a second call with the same invocation leaves the same state.
 */
export type ActivityFunction<P = JsonObject, O extends JsonObject = JsonObject> = (
  invocation: ActivityInvocation<P>,
  context: ActivityContext,
  dependencies: Dependencies,
) => Promise<O>
