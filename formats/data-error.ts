/**
 * Bytes that cannot be read as what they claim to be; trying again cannot help. Told apart by `name` (see adf/errors.ts), since this
 * room imports no other.
 */
export class DataError extends Error {
  override readonly name = 'DataError'
}
