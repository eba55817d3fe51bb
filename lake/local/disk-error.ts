/** Reads the code of a file system error; '' for anything else. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const fixes: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free space or move the lake (HEADRACE_LAKE) to a larger volume',
  EDQUOT: 'the disk quota is used up: free space or move the lake (HEADRACE_LAKE) to a larger volume',
  EACCES: 'permission is missing: let the user that runs Headrace read and write there',
  EPERM: 'the operation is not permitted there: let the user that runs Headrace read and write there',
  EROFS: 'the volume is mounted read-only: mount it writable or move the lake (HEADRACE_LAKE)',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine: raise its limit (fs.file-max)',
  ENAMETOOLONG: 'the name is too long for the file system: shorten the name of the drop or of its folders',
  EIO: 'the disk reports an I/O error: check the volume',
  ENOTDIR: 'a file lies where a folder has to be: move it away',
}

/** Wraps a file system error so that it names what was done, the place and the fix; errors that are none pass through. */
export function explainDiskError(error: unknown, action: string, place: string): unknown {
  const code = errorCode(error)
  const fix = fixes[code]
  return fix === undefined
    ? error
    : new Error(`Cannot ${action} ${place}: ${fix} (${code})`, { cause: error })
}

/** As the C library words them, which is all that native programs tell. */
const wordings: readonly (readonly [string, string])[] = [
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
  ['Permission denied', 'EACCES'],
  ['Operation not permitted', 'EPERM'],
  ['Read-only file system', 'EROFS'],
  ['Too many open files in system', 'ENFILE'],
  ['Too many open files', 'EMFILE'],
  ['Input/output error', 'EIO'],
]

/** Adds the fix to an error of a native library (DuckDB) that quotes the system; others pass through. */
export function explainDiskText(error: unknown): unknown {
  if (!(error instanceof Error) || !/\bIO Error\b/.test(error.message)) return error
  const code = wordings.find(([words]) => error.message.includes(words))?.[1]
  const fix = code === undefined ? undefined : fixes[code]
  return fix === undefined ? error : new Error(`${error.message}: ${fix} (${code})`, { cause: error })
}
