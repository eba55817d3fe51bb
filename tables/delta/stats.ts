/** `stats` of an add action: what lets a reader skip a file. Values are JSON; timestamps ISO text with milliseconds. */
export interface FileStats {
  readonly numRecords: number
  readonly minValues: Readonly<Record<string, string | number>>
  readonly maxValues: Readonly<Record<string, string | number>>
  readonly nullCount: Readonly<Record<string, number>>
}

/** Longer texts get no bounds: a cut-off maximum would have to be rounded up. */
export const longestBound = 64

/** Milliseconds are what the log holds; a maximum is rounded up so that the bound stays one. */
export function timestampBound(microseconds: bigint, side: 'min' | 'max'): string {
  const floor = microseconds / 1000n - (microseconds % 1000n < 0n ? 1n : 0n)
  const isExact = floor * 1000n === microseconds
  return new Date(Number(side === 'max' && !isExact ? floor + 1n : floor)).toISOString()
}

export function formatStats(stats: FileStats): string {
  return JSON.stringify(stats)
}
