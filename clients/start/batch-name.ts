/** The batch of a run that names none: the time of its start, `20261121T093000Z`. */
export function batchNow(now = new Date()): string {
  return `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** What a batch may be called: it is part of paths in the lake and of workflow ids. */
export const batchPattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/
