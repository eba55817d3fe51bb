import { DataError } from '../data-error.ts'

/** `-1.20`: a value as it is stored with a scale of its own, written with the scale of its column (null: its own). */
export function decimalText(unscaled: bigint, own: number, scale: number | null): string {
  const wanted = scale ?? own
  // As many digits as a decimal of 38 can mean.
  if (!(own >= -38 && own <= 76 && wanted >= -38 && wanted <= 76))
    throw new DataError(`a decimal of it has the scale ${own}`)
  const value = wanted >= own ? unscaled * 10n ** BigInt(wanted - own) : shortened(unscaled, own - wanted)
  const digits = (value < 0n ? -value : value).toString()
  const sign = value < 0n ? '-' : ''
  if (wanted <= 0) return `${sign}${digits}${'0'.repeat(value === 0n ? 0 : -wanted)}`
  const padded = digits.padStart(wanted + 1, '0')
  return `${sign}${padded.slice(0, -wanted)}.${padded.slice(-wanted)}`
}

function shortened(value: bigint, digits: number): bigint {
  const divisor = 10n ** BigInt(digits)
  if (value % divisor !== 0n)
    throw new DataError('a decimal of it has more digits after the point than its column')
  return value / divisor
}
