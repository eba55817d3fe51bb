/**
 * Checks a path of the lake and gives it back: segments joined by `/`, none empty, `.` or `..`; no leading `/`, no backslash, no control
 * character. Throws a TypeError else: a path is made by code, never taken from a file without cleaning.
 */
export function checkPath(path: string): string {
  const segments = path.split('/')
  const wrong = segments.find((segment) => segment === '' || segment === '.' || segment === '..')
  if (wrong !== undefined || hasForbiddenCharacter(path)) {
    throw new TypeError(
      `${JSON.stringify(path)} is not a lake path: segments joined by "/", none empty, "." or "..", no backslash or control character`,
    )
  }
  return path
}

/** As `checkPath`, but '' is the lake itself and a trailing `/` is taken off. */
export function checkFolder(folder: string): string {
  const trimmed = folder.endsWith('/') ? folder.slice(0, -1) : folder
  return trimmed === '' ? '' : checkPath(trimmed)
}

/** Whether a name found on disk can be a segment of a lake path. */
export function isSegment(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !hasForbiddenCharacter(name)
}

function hasForbiddenCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x5c || code === 0x7f) return true
  }
  return false
}
