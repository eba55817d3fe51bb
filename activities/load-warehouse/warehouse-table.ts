import { DefinitionError } from '../../adf/errors.ts'
import type { TableContract } from '../../tables/contract.ts'
import type { WarehouseTable } from '../../warehouse/warehouse.ts'

/** The warehouse's table for a contract: the plain name, all columns, the key. Throws a DefinitionError where the contract is not meant for it. */
export function warehouseTable(contract: TableContract): WarehouseTable {
  const [, name = ''] = contract.name.split('.')
  if (contract.warehouse === undefined) {
    throw new DefinitionError(
      `table ${contract.name} is not for the warehouse; add "warehouse: {}" to table/${name}.yaml`,
    )
  }
  if (contract.key.length === 0) {
    throw new DefinitionError(
      `table ${contract.name} has no key; the warehouse loads by key: name its key columns in table/${name}.yaml`,
    )
  }
  const { replaceBy } = contract.warehouse
  const isSearchedByKey = replaceBy.every((column, index) => contract.key[index] === column)
  return {
    name,
    columns: contract.columns.map((column) => ({
      name: column.name,
      type: column.type,
      // A key column is never null, whatever the contract leaves open.
      nullable: column.nullable && !contract.key.includes(column.name),
    })),
    key: contract.key,
    ...(isSearchedByKey ? {} : { indexes: [replaceBy] }),
  }
}
