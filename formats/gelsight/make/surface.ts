import type { Random } from './random.ts'

/** A height map: rows x columns float32 in mm, row by row; `pitch` is the distance of two samples in mm. */
export interface Surface {
  readonly columns: number
  readonly rows: number
  readonly pitch: number
  readonly heights: Float32Array
}

/** A place on the surface in mm from its upper left corner. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** A flat plate that is a little tilted and a little rough: sensor noise of `noise` mm (one standard deviation). */
export function plate(columns: number, rows: number, pitch: number, noise: number, random: Random): Surface {
  const heights = new Float32Array(columns * rows)
  for (let i = 0; i < heights.length; i++) heights[i] = noise * random.normal()
  return { columns, rows, pitch, heights }
}

/** Adds `height(x, y)` mm at every sample; x and y in mm. */
export function shapeSurface(surface: Surface, height: (x: number, y: number) => number): void {
  const { columns, rows, pitch, heights } = surface
  for (let row = 0; row < rows; row++) {
    const y = (row + 0.5) * pitch
    for (let column = 0; column < columns; column++) {
      const index = row * columns + column
      heights[index] = (heights[index] ?? 0) + height((column + 0.5) * pitch, y)
    }
  }
}

/** A step of `offset` mm at x = `at`, risen over `width` mm. */
export function step(at: number, offset: number, width: number): (x: number, y: number) => number {
  return (x) => offset * rise((x - at) / width + 0.5)
}

/** A scratch along x: Gaussian across, `width` mm wide at half its depth, with round ends. */
export function scratch(
  centre: Place,
  length: number,
  width: number,
  depth: number,
): (x: number, y: number) => number {
  const sigma = width / 2.3548
  const half = Math.max(0, length / 2 - width / 2)
  return (x, y) => {
    const beyond = Math.max(0, Math.abs(x - centre.x) - half)
    return -depth * Math.exp(-(beyond * beyond + (y - centre.y) ** 2) / (2 * sigma * sigma))
  }
}

/** A pit: a paraboloid of the given radius at its rim. */
export function pit(centre: Place, radius: number, depth: number): (x: number, y: number) => number {
  return (x, y) => {
    const share = ((x - centre.x) ** 2 + (y - centre.y) ** 2) / (radius * radius)
    return share >= 1 ? 0 : -depth * (1 - share)
  }
}

/** A hole with a flat bottom; its edge falls over `edge` mm, half of it inside the radius. */
export function hole(
  centre: Place,
  radius: number,
  depth: number,
  edge: number,
): (x: number, y: number) => number {
  return (x, y) => -depth * rise((radius - Math.hypot(x - centre.x, y - centre.y)) / edge + 0.5)
}

/** Machining marks along y: a few sines of random phase whose arithmetic mean deviation is about `ra` mm. */
export function waviness(ra: number, wavelength: number, random: Random): (x: number, y: number) => number {
  const waves = [1, 1.7, 2.9].map((factor) => ({
    k: (2 * Math.PI * factor) / wavelength,
    phase: 2 * Math.PI * random.next(),
    lean: 0.1 * random.normal(),
    amplitude: 1 / factor,
  }))
  const power = waves.reduce((sum, wave) => sum + wave.amplitude ** 2 / 2, 0)
  // A sum of sines is nearly normal: Ra = sqrt(2 / pi) x its standard deviation.
  const scale = ra / (Math.sqrt(2 / Math.PI) * Math.sqrt(power))
  return (x, y) =>
    scale *
    waves.reduce((sum, wave) => sum + wave.amplitude * Math.sin(wave.k * (x + wave.lean * y) + wave.phase), 0)
}

/** 0 below 0, 1 above 1, smooth between: so that edges are measured finer than a sample. */
function rise(t: number): number {
  if (t <= 0) return 0
  if (t >= 1) return 1
  return t * t * (3 - 2 * t)
}
