import type { ColumnType } from '../contract.ts'
import type { StoredValue } from './values.ts'

/** A partition value as the log writes it (PROTOCOL.md, "Partition Value Serialization"); an empty text counts as null there. */
export function partitionText(type: ColumnType, value: StoredValue): string | null {
  if (type === 'date') return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10)
  if (type === 'timestamp' && typeof value === 'bigint') {
    const seconds = value / 1_000_000n - (value % 1_000_000n < 0n ? 1n : 0n)
    const fraction = (value - seconds * 1_000_000n).toString().padStart(6, '0')
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')}.${fraction}`
  }
  return value === '' ? null : String(value)
}
