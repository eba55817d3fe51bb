import { DefinitionError } from './errors.ts'
import type { ColumnType, WarehouseTable } from './warehouse.ts'

/** What the warehouse reads of a table's contract (`tables/contract.ts`). */
export interface LoadedContract {
  /** `layer.table` */
  readonly name: string
  readonly columns: readonly {
    readonly name: string
    readonly type: ColumnType
    readonly nullable: boolean
  }[]
  readonly key: readonly string[]
  readonly warehouse?: { readonly replaceBy: readonly string[] } | undefined
}

/** The warehouse's table for a contract: the plain name, all columns, the key. Throws a DefinitionError where the contract is not meant for it. */
export function contractTable(contract: LoadedContract): WarehouseTable {
  const name = contract.name.slice(contract.name.indexOf('.') + 1)
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
  const isFoundByKey = replaceBy.every((column, index) => contract.key[index] === column)
  return {
    name,
    columns: contract.columns.map((column) => ({
      name: column.name,
      type: column.type,
      // A key column is never null, whatever the contract leaves open.
      nullable: column.nullable && !contract.key.includes(column.name),
    })),
    key: contract.key,
    ...(isFoundByKey ? {} : { indexes: [replaceBy] }),
  }
}
