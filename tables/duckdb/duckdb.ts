import type { DuckDBConnection } from '@duckdb/node-api'

/** One DuckDB instance a worker, with a memory limit and spill. */
export interface DuckDb {
  /** Runs `work` on a connection of its own, in a catalog of its own, which is dropped afterwards. Aborting interrupts the query. */
  session<T>(work: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T>
  close(): Promise<void>
}
