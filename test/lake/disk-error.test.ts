import { expect, it } from 'vitest'
import { explainDiskError, explainDiskText } from '../../lake/local/disk-error.ts'

it.each([
  [
    'ENOSPC',
    'Cannot write /lake/a: the disk is full: free space or move the lake (HEADRACE_LAKE) to a larger volume (ENOSPC)',
  ],
  [
    'EACCES',
    'Cannot write /lake/a: permission is missing: let the user that runs Headrace read and write there (EACCES)',
  ],
  [
    'EROFS',
    'Cannot write /lake/a: the volume is mounted read-only: mount it writable or move the lake (HEADRACE_LAKE) (EROFS)',
  ],
  ['EMFILE', 'Cannot write /lake/a: too many files are open: raise the limit (ulimit -n) (EMFILE)'],
])('%s names the place and the fix', (code, message) => {
  const cause = Object.assign(new Error(code), { code })
  expect(explainDiskError(cause, 'write', '/lake/a')).toMatchObject({ message, cause })
})

it.each([
  [
    'IO Error: Could not write file "/lake/a": No space left on device',
    'IO Error: Could not write file "/lake/a": No space left on device: the disk is full: free space or move the lake (HEADRACE_LAKE) to a larger volume (ENOSPC)',
  ],
  [
    'IO Error: Cannot open file "/lake/a": Read-only file system',
    'IO Error: Cannot open file "/lake/a": Read-only file system: the volume is mounted read-only: mount it writable or move the lake (HEADRACE_LAKE) (EROFS)',
  ],
  ['IO Error: Something else', 'IO Error: Something else'],
  ['Conversion Error: No space left on device', 'Conversion Error: No space left on device'],
])('says the fix for what DuckDB says: %s', (message, expected) => {
  expect(explainDiskText(new Error(message))).toMatchObject({ name: 'Error', message: expected })
})

it('leaves other errors as they are', () => {
  const error = new TypeError('x')
  expect(explainDiskError(error, 'write', '/lake/a')).toBe(error)
})
