import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeSamples, type MadeScan, type SampleReport } from '../../../formats/gelsight/make/samples.ts'

let folder: string
let report: SampleReport

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-samples-'))
  report = await makeSamples({
    folder: join(folder, 'plain'),
    seed: 7,
    scans: 30,
    scansPerDrop: 30,
    width: 128,
    days: 9,
    folderEvery: 1,
  })
})

afterAll(() => rm(folder, { recursive: true, force: true }))

interface HeightMap {
  readonly columns: number
  readonly rows: number
  readonly pitch: number
  readonly heights: Float32Array
}

/** Read here by hand from the format's description, so that writer and reader cannot err together. */
function readTmd(bytes: Buffer): HeightMap {
  expect(bytes.subarray(0, 32).toString('latin1')).toBe('Binary TrueMap Data File v2.0\r\n\0')
  const start = bytes.indexOf(0, 32) + 1
  const columns = bytes.readUInt32LE(start)
  const rows = bytes.readUInt32LE(start + 4)
  const heights = Float32Array.from({ length: columns * rows }, (_, i) =>
    bytes.readFloatLE(start + 24 + 4 * i),
  )
  expect(bytes.length).toBe(start + 24 + 4 * columns * rows)
  return { columns, rows, pitch: bytes.readFloatLE(start + 8) / columns, heights }
}

function scansOf(routine: string): MadeScan[] {
  return report.scans.filter((scan) => scan.routine === routine)
}

async function fileOf(scan: MadeScan, ending: string): Promise<Buffer> {
  const path = join(folder, 'plain', scan.drop, scan.folder)
  const name = (await readdir(path, { recursive: true })).find((one) => one.endsWith(ending))
  if (name === undefined) throw new Error(`${path} holds no ${ending}`)
  return readFile(join(path, name))
}

async function mapOf(scan: MadeScan): Promise<HeightMap> {
  return readTmd(await fileOf(scan, '.tmd'))
}

const median = (values: Float32Array): number =>
  Float32Array.from(values).sort()[Math.floor(values.length / 2)] ?? 0

describe('the numbers in scancontext.yaml are those of the height map', () => {
  it('finds the hole diameter again from the volume of the hole', async () => {
    for (const scan of scansOf('HoleByEdge')) {
      const map = await mapOf(scan)
      const rim = median(map.heights)
      const volume =
        map.heights.reduce((sum, height) => sum + (rim - height > 0.005 ? rim - height : 0), 0) *
        map.pitch ** 2
      // Half the radius in from the centre the bottom is flat: its depth is the mean around the deepest place.
      const depth = rim - median(map.heights.filter((height) => rim - height > 0.1))
      expect(scan.values['diameter']).toBeCloseTo(2 * Math.sqrt(volume / depth / Math.PI), 2)
    }
  })

  it('finds the depth of scratches and pits again', async () => {
    for (const scan of [...scansOf('DefectDetection'), ...scansOf('PitDetection')]) {
      const map = await mapOf(scan)
      expect(scan.values['depth']).toBeCloseTo(median(map.heights) - Math.min(...map.heights), 4)
    }
  })

  it('finds the step again as the difference of the two outer columns', async () => {
    for (const scan of scansOf('Offset')) {
      const map = await mapOf(scan)
      const column = (at: number): number =>
        Array.from({ length: map.rows }, (_, row) => map.heights[row * map.columns + at] ?? 0).reduce(
          (a, b) => a + b,
        ) / map.rows
      expect(scan.values['offset']).toBeCloseTo(column(map.columns - 1) - column(0), 3)
    }
  })

  it('finds Ra again along the middle row', async () => {
    for (const scan of scansOf('SurfaceRoughness')) {
      const map = await mapOf(scan)
      const row = map.heights.slice(Math.floor(map.rows / 2) * map.columns).slice(0, map.columns)
      const mean = row.reduce((a, b) => a + b) / row.length
      const ra = (1000 * row.reduce((sum, height) => sum + Math.abs(height - mean), 0)) / row.length
      expect(scan.values['Ra']).toBeCloseTo(ra, 6)
    }
  })

  it('writes the values into the text with their units', async () => {
    for (const scan of report.scans) {
      const text = (await fileOf(scan, 'scancontext.yaml')).toString('utf8')
      for (const [name, value] of Object.entries(scan.values)) {
        const written = new RegExp(`^    ${name}: (\\S+)(?: (\\S+))?$`, 'm').exec(text)
        expect(Number(written?.[1]), `${scan.routine} ${name}`).toBeCloseTo(value, 9)
      }
    }
  })
})

describe('drops', () => {
  it('holds pictures of the size that scan.yaml states', async () => {
    const scan = report.scans[0] as MadeScan
    const png = await fileOf(scan, '01.png')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 107])
    const data = png.subarray(41, 41 + png.readUInt32BE(33))
    expect(inflateSync(data).length).toBe((128 + 1) * 107)
    expect((await fileOf(scan, 'scan.yaml')).toString()).toContain('scanwidth: 128\nscanheight: 107\n')
  })

  it('gives the same bytes for the same seed and other bytes for another', async () => {
    const hash = async (name: string, seed: number): Promise<string> => {
      const made = await makeSamples({ folder: join(folder, name), seed, scans: 6, width: 32, days: 3 })
      return createHash('sha256')
        .update(await readFile(join(folder, name, made.drops[0] ?? '')))
        .digest('hex')
    }
    const first = await hash('first', 3)
    expect(await hash('second', 3)).toBe(first)
    expect(await hash('third', 4)).not.toBe(first)
  })

  it('re-verifies one calibration under the same name with another content', () => {
    const byName = Map.groupBy(report.calibrations, (calibration) => calibration.name)
    const verifiedTwice = [...byName.values()].filter((versions) => versions.length > 1)
    expect(verifiedTwice).toHaveLength(1)
    const [before, after] = verifiedTwice[0] ?? []
    expect(after?.mmPerPixel).not.toBe(before?.mmPerPixel)
    expect((after?.verifiedOn ?? '') > (before?.verifiedOn ?? '')).toBe(true)
  })

  it('lets one gauge drift beyond its spread', () => {
    const diameters = (device: string): number[] =>
      scansOf('HoleByEdge')
        .filter((scan) => scan.device === device)
        .map((scan) => scan.values['diameter'] ?? 0)
    const [worn, sound] = [diameters('00020022'), diameters('00020015')]
    expect(Math.max(...worn) - Math.max(...sound)).toBeGreaterThan(0.003)
  })

  it('spoils the share of scans that is asked for and says how', async () => {
    const made = await makeSamples({ folder: join(folder, 'bad'), scans: 40, width: 16, bad: 0.2 })
    expect(made.scans.filter((scan) => scan.flaw !== null)).toHaveLength(8)
    expect(new Set(made.bad.map((one) => one.kind)).size).toBe(9)
    expect(made.drops.at(-1)).toMatch(/_cut\.zip$/)
  })

  it.each([
    [{ scans: 0 }, 'scans is 0; it must be a whole number from 1 to 1000000'],
    [{ width: 5000 }, 'width is 5000; it must be a whole number from 16 to 2472'],
    [{ bad: 2 }, 'bad is 2; it must be a share from 0 to 1'],
    [{ start: 'soon' }, 'start is soon; it must be a day like 2026-01-05'],
  ])('refuses %j', async (options, message) => {
    await expect(makeSamples({ folder, ...options })).rejects.toThrow(message)
  })
})
