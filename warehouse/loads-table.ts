import type { WarehouseTable } from './warehouse.ts'

/** Ledger of `Warehouse.load`: one row a load that changed something to the version it names. Written in the load's own transaction. */
export const loadsTable: WarehouseTable = {
  name: '_loads',
  columns: [
    { name: 'table_name', type: 'string', nullable: false },
    { name: 'load_number', type: 'bigint', nullable: false },
    { name: 'source_id', type: 'string', nullable: false },
    { name: 'source_version', type: 'bigint', nullable: false },
    { name: 'batch', type: 'string', nullable: false },
    { name: 'rows_deleted', type: 'bigint', nullable: false },
    { name: 'rows_upserted', type: 'bigint', nullable: false },
    { name: 'loaded_at', type: 'timestamp', nullable: false },
  ],
  key: ['table_name', 'load_number'],
}
