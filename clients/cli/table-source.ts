import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import type { TableSource } from '../../tables/read.ts'
import { openLake } from '../start/open-lake.ts'

/** Opens the home's tables for reading, beside workers that write, and closes what it opened. */
export async function withTableSource<T>(
  settings: Settings,
  work: (source: TableSource) => Promise<T>,
): Promise<T> {
  const { openDuckDb } = await import('../../tables/duckdb/open.ts')
  // Of its own: DuckDB removes what it finds in its spill folder.
  const spillFolder = join(settings.home.duckdb, `cli-${process.pid}`)
  const duckdb = await openDuckDb({
    spillFolder,
    memoryLimit: settings.duckdbMemory,
    threads: settings.duckdbThreads,
  })
  try {
    return await work({ lake: await openLake(settings), duckdb })
  } finally {
    await duckdb.close()
    await rm(spillFolder, { recursive: true, force: true })
  }
}
