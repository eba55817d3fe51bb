import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openSqliteWarehouse } from '../../warehouse/sqlite/sqlite-warehouse.ts'
import type { Warehouse, WarehouseRow } from '../../warehouse/warehouse.ts'

/** A warehouse file of its own for the running test; a passing test leaves nothing behind. */
export async function temporaryWarehouse(): Promise<{ file: string; warehouse: Warehouse }> {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-warehouse-'))
  const file = join(folder, 'warehouse.db')
  const warehouse = await openSqliteWarehouse(file)
  onTestFinished(async () => {
    await warehouse.close()
    await rm(folder, { recursive: true, force: true })
  })
  return { file, warehouse }
}

export async function* rowsOf(...rows: readonly WarehouseRow[]): AsyncGenerator<WarehouseRow> {
  yield* rows
}
