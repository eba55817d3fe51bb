/** Numbers of more bits than this are unpacked as bigint. */
export const widestNumber = 48

/** Bits a value, by the five bits that stand for them. */
export function widthOf(code: number): number {
  return code < 24 ? code + 1 : (widest[code - 24] ?? 64)
}

const widest = [26, 28, 30, 32, 40, 48, 56, 64]

/** The least width that can be written and holds `bits`. */
export function closestWidth(bits: number): number {
  return bits <= 24 ? Math.max(1, bits) : (widest.find((width) => width >= bits) ?? 64)
}

/** `count` numbers of `width` bits (at most `widestNumber`), the highest bit first. */
export function unpackBits(bytes: Uint8Array, width: number, count: number): number[] {
  const values: number[] = []
  let at = 0
  let byte = 0
  let left = 0
  for (let index = 0; index < count; index++) {
    let value = 0
    for (let missing = width; missing > 0;) {
      if (left === 0) {
        byte = bytes[at++] ?? 0
        left = 8
      }
      const take = Math.min(missing, left)
      left -= take
      missing -= take
      value = value * 2 ** take + ((byte >> left) & ((1 << take) - 1))
    }
    values.push(value)
  }
  return values
}

/** As unpackBits, for any width up to 64. */
export function unpackWide(bytes: Uint8Array, width: number, count: number): bigint[] {
  if (width <= widestNumber) return unpackBits(bytes, width, count).map(BigInt)
  const values: bigint[] = []
  let position = 0
  for (let index = 0; index < count; index++) {
    let value = 0n
    for (let missing = width; missing > 0;) {
      const left = 8 - (position % 8)
      const take = Math.min(missing, left)
      const part = ((bytes[position >> 3] ?? 0) >> (left - take)) & ((1 << take) - 1)
      value = (value << BigInt(take)) | BigInt(part)
      position += take
      missing -= take
    }
    values.push(value)
  }
  return values
}
