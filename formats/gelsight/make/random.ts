/** A seeded source of numbers: the same seed gives the same sample, byte for byte, on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Normal with mean 0 and standard deviation 1 (Box-Muller). */
  normal(): number
  /** Integer in [0, below). */
  integer(below: number): number
  pick<T>(items: readonly T[]): T
  /** UUID version 4 in lower case. */
  guid(): string
  /** An independent stream that depends on the seed and the name only, not on how much was drawn before. */
  fork(name: string): Random
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough for pictures and schedules. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const integer = (below: number): number => Math.floor(next() * below)
  return {
    next,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (items) => {
      const item = items[integer(items.length)]
      if (item === undefined) throw new RangeError('nothing to pick from: the list is empty')
      return item
    },
    guid: () => {
      const hex = Array.from({ length: 32 }, () => integer(16).toString(16))
      hex[12] = '4'
      hex[16] = (8 + integer(4)).toString(16)
      const text = hex.join('')
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
    },
    fork: (name) => createRandom(hashText(`${seed}/${name}`)),
  }
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
