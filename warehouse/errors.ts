/**
 * Errors as this room throws them. The two final ones are told apart by `name` (see adf/errors.ts), because this room imports no
 * other.
 */

/** A contract cannot become a table of the warehouse. Someone has to edit it. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError'
}

/** The database refuses a value: type, NOT NULL or CHECK. Nothing was written; trying again cannot help. */
export class DataError extends Error {
  override readonly name = 'DataError'
}

/** Somebody else loaded the table meanwhile; trying again reads the new state. */
export class WarehouseConflict extends Error {
  override readonly name = 'WarehouseConflict'
}
