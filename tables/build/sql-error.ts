import { DataError, DefinitionError } from '../errors.ts'

/**
 * DuckDB's error as one of ours, by its first words: what is wrong in the SQL text is a DefinitionError, a value that a function
 * or cast refuses a DataError. Memory, disk and interruption stay as they are: they are retried.
 */
export function explainSqlError(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || error.name !== 'Error') return error
  const kind = /^(\w+(?: \w+)*) Error:/.exec(error.message)?.[1]
  if (kind === 'Parser' || kind === 'Binder' || kind === 'Catalog' || kind === 'Syntax') {
    return withCause(new DefinitionError(`${where}: ${error.message}`), error)
  }
  if (kind === 'Conversion' || kind === 'Invalid Input' || kind === 'Out of Range') {
    return withCause(new DataError(`${where}: ${error.message}`), error)
  }
  return error
}

function withCause(error: Error, cause: unknown): Error {
  error.cause = cause
  return error
}

/** Runs SQL that a user wrote. */
export async function explained<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw explainSqlError(error, where)
  }
}
