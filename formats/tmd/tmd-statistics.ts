/** Of the finite heights of a height map, in millimetres; null where there is none. */
export interface TmdStatistics {
  readonly min: number | null
  readonly max: number | null
  readonly mean: number | null
  /** Mean absolute deviation from the mean. */
  readonly sa: number | null
  /** Root mean square deviation. */
  readonly sq: number | null
  /** Share of points without data (NaN or infinite). */
  readonly noDataShare: number | null
  /** Points that were there. */
  readonly count: number
}

/**
 * Two passes over the heights, chunk by chunk: deviations need the mean first, and a difference of sums would lose a step of a
 * micrometre on a plate that lies a millimetre high. `open` gives the bytes after the header, from the start each time.
 */
export async function measureTmd(open: () => Promise<AsyncIterable<Uint8Array>>): Promise<TmdStatistics> {
  let [count, valid, sum, min, max] = [0, 0, 0, Infinity, -Infinity]
  for await (const heights of heightsOf(await open())) {
    count += heights.length
    // An index: an iterator over a million floats takes three times as long.
    for (let at = 0; at < heights.length; at += 1) {
      const height = heights[at] ?? NaN
      if (!Number.isFinite(height)) continue
      valid += 1
      sum += height
      if (height < min) min = height
      if (height > max) max = height
    }
  }
  if (valid === 0)
    return {
      min: null,
      max: null,
      mean: null,
      sa: null,
      sq: null,
      noDataShare: count === 0 ? null : 1,
      count,
    }
  const mean = sum / valid
  let [absolute, squares] = [0, 0]
  for await (const heights of heightsOf(await open())) {
    for (let at = 0; at < heights.length; at += 1) {
      const height = heights[at] ?? NaN
      if (!Number.isFinite(height)) continue
      const deviation = height - mean
      absolute += Math.abs(deviation)
      squares += deviation * deviation
    }
  }
  return {
    min,
    max,
    mean,
    sa: absolute / valid,
    sq: Math.sqrt(squares / valid),
    noDataShare: (count - valid) / count,
    count,
  }
}

async function* heightsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Float32Array> {
  let rest = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const whole = bytes.length - (bytes.length % 4)
    yield asFloats(bytes, whole)
    rest = Buffer.from(bytes.subarray(whole))
  }
}

/** A Float32Array must start at a multiple of four; every machine that runs Node is little-endian. */
function asFloats(bytes: Uint8Array, length: number): Float32Array {
  if (bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, length / 4)
  const copy = new Uint8Array(length)
  copy.set(bytes.subarray(0, length))
  return new Float32Array(copy.buffer)
}
