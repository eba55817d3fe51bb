import { StoredFileMissing } from '../../../stores/file-store.ts'
import type { CopyProperties } from '../session-log.ts'
import { Inconsistent } from './transfer.ts'

/** Why a file that failed is left out, as `skipErrorFile` allows; null: its failure is the copy's. */
export function whyLeftOut(error: unknown, allowed: CopyProperties['skipErrorFile']): string | null {
  if (allowed === undefined || !(error instanceof Error)) return null
  const code = codeOf(error)
  if (error instanceof StoredFileMissing || code === 'ENOENT')
    return (allowed.fileMissing ?? true) ? `it is not there any more (${error.message})` : null
  if (code === 'EACCES' || code === 'EPERM') return allowed.fileForbidden === true ? error.message : null
  if (error instanceof Inconsistent) return allowed.dataInconsistency === true ? error.message : null
  if (error.name === 'DefinitionError' || code === 'ENAMETOOLONG' || code === 'EINVAL')
    return allowed.invalidFileName === true ? error.message : null
  return null
}

/** Of the error or of what it was made from. */
function codeOf(error: Error): string {
  for (let one: unknown = error; one instanceof Error; one = one.cause)
    if ('code' in one && typeof one.code === 'string') return one.code
  return ''
}
