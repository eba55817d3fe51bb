/** `1.4 GB`; decimal units, as disks are sold and files are listed. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`
}

/** `840 ms`, `4.2 s`, `3 min 05 s`, `2 h 10 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
  const minutes = Math.floor(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** `12,345` */
export function countText(count: number | bigint): string {
  return count.toLocaleString('en-US')
}

/** `2026-11-21 09:30:00` in UTC. */
export function timeText(time: Date | string | null): string {
  if (time === null) return ''
  const iso = typeof time === 'string' ? new Date(time).toISOString() : time.toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
}
