const timespan = /^(?:(\d{1,5})\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/
const words =
  /^(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)$/i

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
}

/** What a duration may look like; for messages. */
export const durationForms = 'd.hh:mm:ss or hh:mm:ss (0.12:00:00 is 12 hours), or words such as "12 hours"'

/** Milliseconds of ADF's `(d.)?hh:mm:ss` or of words like `1 hour`, `90 s`, `2 days`; null where it is neither. */
export function parseDuration(text: string): number | null {
  const span = timespan.exec(text.trim())
  if (span !== null) {
    const [, days = '0', hours = '', minutes = '', seconds = '', fraction = '0'] = span
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null
    return (
      Number(days) * 86_400_000 +
      Number(hours) * 3_600_000 +
      Number(minutes) * 60_000 +
      Number(seconds) * 1_000 +
      Math.floor(Number(`0.${fraction}`) * 1_000)
    )
  }
  const spoken = words.exec(text.trim())
  if (spoken === null) return null
  const unit = (spoken[2] ?? '').toLowerCase()
  const factor = unitMs[unit] ?? unitMs[unit.replace(/s$/, '')]
  return factor === undefined ? null : Math.round(Number(spoken[1]) * factor)
}
