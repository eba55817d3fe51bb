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
