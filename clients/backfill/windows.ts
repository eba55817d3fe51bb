/** A stretch of time that one run covers: from `start`, inclusive, to `end`, exclusive. */
export interface Window {
  readonly start: Date
  readonly end: Date
  /** Batch of the window's run: its start, and its length unless that is a day. */
  readonly batch: string
}

/** The range or the length of windows is wrong; the message says what is allowed. */
export class WindowError extends Error {
  // Shown like any wrong command line.
  override readonly name = 'UsageError'
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
const mostWindows = 100_000

/**
 * The windows of a range, oldest first. `from` and `to` are dates or times in UTC (`2026-11-01`, `2026-11-01T06:00:00Z`), `length` a number with m,
 * h, d or w. The range must hold whole windows, so that the same window always means the same time.
 */
export function windowsOf(from: string, to: string, length: string): Window[] {
  const start = instant('--from', from)
  const end = instant('--to', to)
  const lengthMs = lengthOf(length)
  if (end <= start) throw new WindowError(`--to is ${to}; it must be after --from ${from}`)
  const count = (end - start) / lengthMs
  if (!Number.isInteger(count)) {
    const whole = new Date(start + Math.ceil(count) * lengthMs)
    throw new WindowError(
      `--from ${from} to --to ${to} is no whole number of windows of ${length}; the next whole one ends at ${timeOf(whole)}`,
    )
  }
  if (count > mostWindows) {
    throw new WindowError(
      `${from} to ${to} holds ${count} windows of ${length}; at most ${mostWindows} go into one backfill`,
    )
  }
  return Array.from({ length: count }, (_, index) => {
    const first = new Date(start + index * lengthMs)
    return {
      start: first,
      end: new Date(first.getTime() + lengthMs),
      batch: batchOf(first, lengthMs, length),
    }
  })
}

function instant(option: string, text: string): number {
  const match = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text)
  const zoned = match?.[1] !== undefined && match[3] === undefined ? `${text}Z` : text
  const time = match === null ? Number.NaN : Date.parse(zoned)
  if (Number.isNaN(time)) {
    throw new WindowError(
      `${option} is ${JSON.stringify(text)}; allowed: a date or time in UTC such as 2026-11-01 or 2026-11-01T06:00:00Z`,
    )
  }
  return time
}

function lengthOf(text: string): number {
  const match = /^([1-9]\d{0,4})([mhdw])$/.exec(text)
  const unit = match?.[2]
  if (match === null || (unit !== 'm' && unit !== 'h' && unit !== 'd' && unit !== 'w')) {
    throw new WindowError(
      `--window is ${JSON.stringify(text)}; allowed: a number with m, h, d or w, such as 1d or 6h`,
    )
  }
  return Number(match[1]) * unitMs[unit]
}

/** `2026-11-01` for a day; `20261101T060000Z-6h` for other lengths, as windows of two lengths may start at the same time. */
function batchOf(start: Date, lengthMs: number, length: string): string {
  const iso = start.toISOString()
  if (lengthMs === unitMs.d && iso.endsWith('T00:00:00.000Z')) return iso.slice(0, 10)
  return `${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${length}`
}

/** As ADF prints a window's bounds. */
export function timeOf(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
