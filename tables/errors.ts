/**
 * The two final errors, as this room throws them. They are told apart by `name` (see adf/errors.ts), because this room
 * imports no other room but lake.
 */

/** A contract or a SELECT is wrong. Someone has to edit it. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError'
}

/** The rows are wrong. Nothing was committed; trying again cannot help. */
export class DataError extends Error {
  override readonly name = 'DataError'
}

/** Another writer changed what this change was made from. Read again, build again. */
export class LostRace extends Error {
  override readonly name = 'LostRace'
}
