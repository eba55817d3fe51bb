import type { Place, Surface } from './surface.ts'

/**
 * What GelSight's routines would report of a surface, computed from the height map and nothing else, in mm.
 * Depths are taken from the median height: the plate is flat but for the feature.
 */
export interface DefectResult {
  readonly length: number
  readonly width: number
  readonly depth: number
  readonly area: number
  readonly volume: number
  readonly point: Place
  /** (distance along the cross section, height) in mm. */
  readonly profile: readonly (readonly [number, number])[]
}

export interface RoughnessResult {
  readonly ra: number
  readonly rq: number
  readonly rz: number
  readonly peakCount: number
}

/** Mean of the right quarter less mean of the left quarter, and the distance between 10 % and 90 % of the rise. */
export function measureOffset(surface: Surface): {
  offset: number
  width: number
  left: number
  right: number
} {
  const profile = meanAlongY(surface)
  const quarter = Math.floor(profile.length / 4)
  const left = mean(profile.slice(0, quarter))
  const right = mean(profile.slice(-quarter))
  const offset = right - left
  const from = crossing(profile, left + 0.1 * offset, Math.sign(offset))
  const to = crossing(profile, left + 0.9 * offset, Math.sign(offset))
  return { offset, width: Math.max(0, to - from) * surface.pitch, left, right }
}

/** The one defect of a plate: everything deeper than half the depth of its deepest point. */
export function measureDefect(surface: Surface): DefectResult {
  const { columns, rows, pitch, heights } = surface
  const base = median(heights)
  let deepest = 0
  for (let i = 1; i < heights.length; i++) if (at(heights, i) < at(heights, deepest)) deepest = i
  const depth = base - at(heights, deepest)
  const column = deepest % columns
  const row = Math.floor(deepest / columns)
  const cell = pitch * pitch
  let area = 0
  let volume = 0
  for (const height of heights) {
    const below = base - height
    if (below > depth / 2) area += cell
    if (below > depth / 10) volume += below * cell
  }
  const across = Array.from({ length: rows }, (_, r) => base - at(heights, r * columns + column))
  const along = Array.from({ length: columns }, (_, c) => base - at(heights, row * columns + c))
  return {
    length: widthAtHalf(along, column, depth) * pitch,
    width: widthAtHalf(across, row, depth) * pitch,
    depth,
    area,
    volume,
    point: { x: (column + 0.5) * pitch, y: (row + 0.5) * pitch },
    profile: across.map((below, r) => [r * pitch, -below] as const),
  }
}

/** Diameter from the covered area, centre from its centroid, circularity as half the spread of the edge's radii. */
export function measureHole(surface: Surface): {
  diameter: number
  circularity: number
  centre: Place
  radius: number
} {
  const { columns, pitch, heights } = surface
  const rim = median(heights)
  const bottom = quantile(heights, 0.01)
  let covered = 0
  let x = 0
  let y = 0
  for (let i = 0; i < heights.length; i++) {
    const share = Math.min(1, Math.max(0, (rim - at(heights, i)) / (rim - bottom)))
    if (share < 0.05) continue
    covered += share
    x += share * ((i % columns) + 0.5)
    y += share * (Math.floor(i / columns) + 0.5)
  }
  const centre = { x: (x / covered) * pitch, y: (y / covered) * pitch }
  const radius = Math.sqrt((covered * pitch * pitch) / Math.PI)
  const radii = edgeRadii(surface, centre, (rim + bottom) / 2, radius)
  const circularity = radii.length === 0 ? 0 : (Math.max(...radii) - Math.min(...radii)) / 2
  return { diameter: 2 * radius, circularity, centre, radius }
}

/** ISO 4287 along the middle row, levelled by its mean: Ra, Rq, Rz over five sampling lengths; peaks above the mean line. */
export function measureRoughness(surface: Surface): RoughnessResult {
  const row = Math.floor(surface.rows / 2) * surface.columns
  const profile = surface.heights.slice(row, row + surface.columns)
  const middle = mean(profile)
  const z = Array.from(profile, (height) => height - middle)
  const size = Math.floor(z.length / 5)
  const spans = [0, 1, 2, 3, 4].map((i) => {
    const part = z.slice(i * size, (i + 1) * size)
    return Math.max(...part) - Math.min(...part)
  })
  const peaks = z.filter(
    (height, i) => height > 0 && height >= (z[i - 1] ?? Infinity) && height > (z[i + 1] ?? Infinity),
  )
  return {
    ra: mean(z.map(Math.abs)),
    rq: Math.sqrt(mean(z.map((height) => height * height))),
    rz: mean(spans),
    peakCount: peaks.length,
  }
}

function meanAlongY(surface: Surface): number[] {
  const sums = Array.from({ length: surface.columns }, () => 0)
  surface.heights.forEach(
    (height, i) => (sums[i % surface.columns] = (sums[i % surface.columns] ?? 0) + height),
  )
  return sums.map((sum) => sum / surface.rows)
}

/** Index, interpolated, where the profile first passes `level` in the given direction. */
function crossing(profile: readonly number[], level: number, direction: number): number {
  for (let i = 1; i < profile.length; i++) {
    const before = (profile[i - 1] ?? 0) - level
    const after = (profile[i] ?? 0) - level
    if (before * direction < 0 && after * direction >= 0) return i - 1 + before / (before - after)
  }
  return 0
}

/** Samples, interpolated, around `centre` that are deeper than half of `depth`. */
function widthAtHalf(below: readonly number[], centre: number, depth: number): number {
  const half = depth / 2
  const reach = (direction: 1 | -1): number => {
    for (let i = centre; i >= 0 && i < below.length; i += direction) {
      const next = below[i + direction]
      if (next === undefined) return Math.abs(i - centre) + 0.5
      if (next < half) return Math.abs(i - centre) + ((below[i] ?? 0) - half) / ((below[i] ?? 0) - next)
    }
    return 0
  }
  return reach(1) + reach(-1)
}

/** Radii in mm at which 64 rays from the centre pass the level. */
function edgeRadii(surface: Surface, centre: Place, level: number, expected: number): number[] {
  const { columns, rows, pitch, heights } = surface
  const radii: number[] = []
  for (let ray = 0; ray < 64; ray++) {
    const angle = (ray / 64) * 2 * Math.PI
    const heightAt = (radius: number): number => {
      const column = (centre.x + radius * Math.cos(angle)) / pitch - 0.5
      const row = (centre.y + radius * Math.sin(angle)) / pitch - 0.5
      const c = Math.min(columns - 2, Math.max(0, Math.floor(column)))
      const r = Math.min(rows - 2, Math.max(0, Math.floor(row)))
      const [u, v] = [column - c, row - r]
      const top = at(heights, r * columns + c) * (1 - u) + at(heights, r * columns + c + 1) * u
      const low = at(heights, (r + 1) * columns + c) * (1 - u) + at(heights, (r + 1) * columns + c + 1) * u
      return top * (1 - v) + low * v
    }
    for (let radius = expected / 2; radius < expected * 1.5; radius += pitch / 4) {
      const [inner, outer] = [heightAt(radius), heightAt(radius + pitch / 4)]
      if (inner <= level && outer > level) {
        radii.push(radius + ((level - inner) / (outer - inner)) * (pitch / 4))
        break
      }
    }
  }
  return radii
}

function at(values: Float32Array, index: number): number {
  return values[index] ?? Number.NaN
}

function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0
  return sum / values.length
}

function quantile(values: Float32Array, share: number): number {
  return at(Float32Array.from(values).sort(), Math.floor(share * (values.length - 1)))
}

function median(values: Float32Array): number {
  return quantile(values, 0.5)
}
