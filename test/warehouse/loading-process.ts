import { openSqliteWarehouse } from '../../warehouse/sqlite/sqlite-warehouse.ts'
import type { WarehouseRow, WarehouseTable } from '../../warehouse/warehouse.ts'

/**
 * A process of its own at a warehouse: `node loading-process.ts <file> load|upsert <count>`. `load` loads rows for as long as it is let,
 * saying so after the first thousand; `upsert` writes `count` rows under its process id, one transaction each.
 */
export const numbersTable: WarehouseTable = {
  name: 'numbers',
  columns: [
    { name: 'writer', type: 'string', nullable: false },
    { name: 'number', type: 'int', nullable: false },
  ],
  key: ['writer', 'number'],
}

async function* endlessRows(writer: string): AsyncGenerator<WarehouseRow> {
  for (let number = 0; ; number += 1) {
    if (number === 20_000) process.stdout.write('in the middle\n')
    yield [writer, number]
  }
}

async function* noRows(): AsyncGenerator<WarehouseRow> {}

if (import.meta.main) {
  const [file = '', mode = '', count = '0'] = process.argv.slice(2)
  const warehouse = await openSqliteWarehouse(file)
  await warehouse.migrate([numbersTable])
  const writer = `${mode} ${process.pid}`
  if (mode === 'load') {
    await warehouse.load({
      table: numbersTable,
      batch: 'b1',
      source: { id: 'source', version: 1 },
      since: await warehouse.loaded(numbersTable),
      deletions: noRows(),
      rows: endlessRows(writer),
    })
  }
  for (let number = 0; number < Number(count); number += 1) {
    await warehouse.upsert(numbersTable, [[writer, number]])
  }
  await warehouse.close()
}
