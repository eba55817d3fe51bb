import { measureDefect, measureHole, measureOffset, measureRoughness } from './measure.ts'
import type { Random } from './random.ts'
import { hole, pit, plate, scratch, shapeSurface, step, waviness, type Surface } from './surface.ts'

/** One routine of the sample parts: how its surface is made, and what the routine reports of it. */
export interface Routine {
  /** Folder in the drop. */
  readonly folder: string
  readonly type: string
  readonly name: string
  make(columns: number, rows: number, pitch: number, drift: number, random: Random): Surface
  /** `pixel`: millimetres to pixels of the picture. */
  report(surface: Surface, pixel: (mm: number) => number): Report
}

export interface Report {
  /** Fields of the primary shape, in pixels. */
  readonly shape: Readonly<Record<string, string | number>>
  /** Results and parameters as scancontext.yaml writes them. */
  readonly results: Readonly<Record<string, string | number>>
  /** Plain values for checking: name → number in the unit of its text. */
  readonly values: Readonly<Record<string, number>>
}

const noiseMm = 0.0002

/** The five routines of a GelSight analysis. Nominal sizes are those of the part; each part varies a little. */
export const routines: readonly Routine[] = [
  {
    folder: 'Offset',
    type: 'Offset',
    name: 'Offset',
    make: (columns, rows, pitch, _drift, random) => {
      const surface = plate(columns, rows, pitch, noiseMm, random)
      shapeSurface(surface, step((columns * pitch) / 2, 0.25 + 0.003 * random.normal(), 0.8))
      return surface
    },
    report: (surface, pixel) => {
      const { offset, width, left, right } = measureOffset(surface)
      const middle = pixel((surface.rows * surface.pitch) / 2)
      const end = pixel(surface.columns * surface.pitch)
      return {
        shape: {
          type: 'line',
          x1: 0.05 * end,
          y1: middle,
          x2: 0.95 * end,
          y2: middle,
          regions: '[0, 0.25, 0.75, 1]',
          snapmargin: 0.1,
        },
        results: {
          numprofiles: 11,
          profilewidth: '0.2 mm',
          offset: `${digits(offset)} mm`,
          width: `${digits(width)} mm`,
          offsetregion1: `(0, ${digits(left)}, Mean)`,
          offsetregion2: `(1, ${digits(right)}, Mean)`,
        },
        values: { offset, width },
      }
    },
  },
  defectRoutine('DefectDetection', 'Defect Detection', 36, (width, height, random) =>
    scratch(
      { x: width * (0.45 + 0.1 * random.next()), y: height * (0.45 + 0.1 * random.next()) },
      2 + 0.05 * random.normal(),
      0.4 + 0.01 * random.normal(),
      0.02 + 0.0008 * random.normal(),
    ),
  ),
  {
    folder: 'HoleDiameter',
    type: 'HoleByEdge',
    name: 'Hole Diameter',
    make: (columns, rows, pitch, drift, random) => {
      const surface = plate(columns, rows, pitch, noiseMm, random)
      const centre = {
        x: columns * pitch * (0.48 + 0.04 * random.next()),
        y: rows * pitch * (0.48 + 0.04 * random.next()),
      }
      shapeSurface(
        surface,
        hole(centre, (1.1 + drift + 0.003 * random.normal()) / 2, 0.12, Math.max(0.1, 2.5 * pitch)),
      )
      return surface
    },
    report: (surface, pixel) => {
      const { diameter, circularity, centre, radius } = measureHole(surface)
      const circle = [centre.x, centre.y, radius].map((mm) => digits(pixel(mm)))
      return {
        shape: { type: 'circle', x: pixel(centre.x), y: pixel(centre.y), r: pixel(radius), snapmargin: 0.2 },
        results: {
          nominaldiameter: '1.1 mm',
          edgesearch: 1,
          regionmode: 0,
          diameter: `${digits(diameter)} mm`,
          circularity: `${digits(circularity)} mm`,
          circle: `(${circle.join(', ')})`,
        },
        values: { diameter, circularity },
      }
    },
  },
  defectRoutine('PitDetection', 'Pit Detection', 0, (width, height, random) =>
    pit(
      { x: width * (0.4 + 0.2 * random.next()), y: height * (0.4 + 0.2 * random.next()) },
      0.45 + 0.008 * random.normal(),
      0.03 + 0.001 * random.normal(),
    ),
  ),
  {
    folder: 'SurfaceRoughness',
    type: 'SurfaceRoughness',
    name: 'Surface Roughness',
    make: (columns, rows, pitch, _drift, random) => {
      const surface = plate(columns, rows, pitch, noiseMm / 4, random)
      shapeSurface(surface, waviness(0.0008 * (1 + 0.04 * random.normal()), Math.max(0.4, 8 * pitch), random))
      return surface
    },
    report: (surface, pixel) => {
      const { ra, rq, rz, peakCount } = measureRoughness(surface)
      const [width, height] = [pixel(surface.columns * surface.pitch), pixel(surface.rows * surface.pitch)]
      const um = (mm: number): string => `${digits(1000 * mm)} µm`
      return {
        shape: {
          type: 'rectangle',
          x: 0.1 * width,
          y: 0.45 * height,
          w: 0.8 * width,
          h: 0.1 * height,
          rotation: 0,
        },
        results: { Ra: um(ra), Rz: um(rz), Rq: um(rq), peak_count: peakCount },
        values: { Ra: 1000 * ra, Rz: 1000 * rz, Rq: 1000 * rq, peak_count: peakCount },
      }
    },
  },
]

function defectRoutine(
  type: 'DefectDetection' | 'PitDetection',
  name: string,
  scratchType: number,
  feature: (width: number, height: number, random: Random) => (x: number, y: number) => number,
): Routine {
  return {
    folder: type,
    type,
    name,
    make: (columns, rows, pitch, _drift, random) => {
      const surface = plate(columns, rows, pitch, noiseMm, random)
      shapeSurface(surface, feature(columns * pitch, rows * pitch, random))
      return surface
    },
    report: (surface, pixel) => {
      const { length, width, depth, area, volume, point, profile } = measureDefect(surface)
      const box = [point.x - length, point.y - width, 2 * length, 2 * width].map(pixel)
      return {
        shape: {
          type: 'rectangle',
          x: box[0] ?? 0,
          y: box[1] ?? 0,
          w: box[2] ?? 0,
          h: box[3] ?? 0,
          rotation: 0,
        },
        results: {
          scratchtype36: scratchType,
          depththreshold: '0.005 mm',
          levelregions: '[]',
          minpt: `(${digits(pixel(point.x))}, ${digits(pixel(point.y))})`,
          length: `${digits(length)} mm`,
          width: `${digits(width)} mm`,
          depth: `${digits(depth)} mm`,
          area: `${digits(area)} mm²`,
          volume: `${digits(volume)} mm³`,
          point: `(${digits(pixel(point.x))}, ${digits(pixel(point.y))})`,
          profile: `[${profile.map(([x, z]) => `(${digits(x)}, ${digits(z)})`).join(', ')}]`,
        },
        values: { length, width, depth, area, volume },
      }
    },
  }
}

/** Twelve significant digits, as GelSight prints. */
function digits(value: number): string {
  return String(Number(value.toPrecision(12)))
}
