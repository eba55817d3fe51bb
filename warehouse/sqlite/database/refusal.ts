import { DataError, DefinitionError } from '../../errors.ts'

/** SQLite's primary result codes. */
const dataCodes = [18, 19, 20]
const definitionCodes = [1, 23, 25]

/** What SQLite throws, in the families of errors that this project has: what stays wrong is final, what is locked or full may pass. */
export function refusal(error: unknown, statement: string): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null
  if (code === null) return error
  const shown = statement.length <= 300 ? statement : `${statement.slice(0, 297)}…`
  const message = `${error.message}; in: ${shown}`
  if (dataCodes.includes(code)) return new DataError(message, { cause: error })
  if (definitionCodes.includes(code)) return new DefinitionError(message, { cause: error })
  return new Error(message, { cause: error })
}
