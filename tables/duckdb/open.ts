import { mkdir } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { explainDiskText } from '../../lake/local/disk-error.ts'
import type { DuckDb } from './duckdb.ts'
import { sessionMacros } from './macros.ts'

export interface DuckDbOptions {
  /** Folder for what does not fit into memory; made when missing. */
  readonly spillFolder: string
  /** As DuckDB writes it: `2GB`. Default: 1GB, so that a worker fits on a small machine; more than this spills. */
  readonly memoryLimit?: string
  /** Default: one a core. */
  readonly threads?: number
}

/**
 * Opens the one DuckDB instance of a worker: in memory, spilling into a folder. Nothing is downloaded: what DuckDB needs (parquet,
 * json, icu) is built in.
 */
export async function openDuckDb(options: DuckDbOptions): Promise<DuckDb> {
  await mkdir(options.spillFolder, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: options.memoryLimit ?? '1GB',
    temp_directory: options.spillFolder,
    // Tables have no order; keeping one would hold whole results in memory.
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(options.threads !== undefined && { threads: options.threads.toString() }),
  })
  let opened = 0

  return {
    async session(work, signal) {
      signal?.throwIfAborted()
      const catalog = `session_${++opened}`
      const connection = await instance.connect()
      const interruption = interruptOnAbort(connection, signal)
      try {
        await connection.run(
          `ATTACH ':memory:' AS ${catalog}; USE ${catalog}; SET TimeZone = 'UTC'; ${sessionMacros}`,
        )
        signal?.throwIfAborted()
        return await work(connection)
      } catch (error) {
        // DuckDB says "INTERRUPT Error"; the caller asked for it and knows why.
        signal?.throwIfAborted()
        throw explainDiskText(error)
      } finally {
        interruption.end()
        await connection.run(`USE memory; DETACH ${catalog}`)
        connection.closeSync()
      }
    },
    close: async () => instance.closeSync(),
  }
}

const interruptEveryMs = 50

/** DuckDB forgets an interrupt that comes between two statements: so it is repeated until the session has ended. */
function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal | undefined) {
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    connection.interrupt()
    timer = setInterval(() => connection.interrupt(), interruptEveryMs)
  }
  signal?.addEventListener('abort', start, { once: true })
  return {
    end() {
      signal?.removeEventListener('abort', start)
      clearInterval(timer)
    },
  }
}
