import { calibrationYaml, scanContextYaml, scanYaml, type ScanFacts } from './documents.ts'
import { encodeTmd, normalMap, shade } from './images.ts'
import type { Random } from './random.ts'
import type { Report, Routine } from './routines.ts'

/** One file of a scan folder. */
export interface ScanFile {
  readonly name: string
  readonly bytes: Buffer
}

export interface SampleScan {
  readonly facts: ScanFacts
  readonly routine: Routine
  /** Measured on the height map that is among the files. */
  readonly report: Report
  readonly files: ScanFile[]
}

/** What a height map is to a picture: a quarter of its side where the picture is large, else the same. */
export function mapSize(width: number, height: number): { columns: number; rows: number } {
  const factor = width >= 1024 ? 4 : 1
  return { columns: Math.ceil(width / factor), rows: Math.ceil(height / factor) }
}

/** Makes the surface, photographs it under six lights, measures it and writes the documents. `drift` in mm. */
export function makeScan(facts: ScanFacts, routine: Routine, drift: number, random: Random): SampleScan {
  const { columns, rows } = mapSize(facts.width, facts.height)
  const pitch = (facts.width * facts.calibration.mmPerPixel) / columns
  const surface = routine.make(columns, rows, pitch, drift, random)
  const report = routine.report(surface, (mm) => mm / facts.calibration.mmPerPixel)
  const pictures = [...facts.images, ...(facts.aligned ? ['image07.png'] : [])]
  const files: ScanFile[] = [
    { name: 'scan.yaml', bytes: text(scanYaml(facts)) },
    { name: 'analysis/scancontext.yaml', bytes: text(scanContextYaml(facts, routine, report)) },
    {
      name: `${facts.calibration.name}.yaml`,
      bytes: text(calibrationYaml(facts.calibration, facts.width, facts.height)),
    },
    ...pictures.map((name, light) => ({
      name,
      bytes: shade(surface, facts.width, facts.height, light, random),
    })),
    { name: facts.heightmap, bytes: encodeTmd(surface) },
    { name: facts.normalmap, bytes: normalMap(surface) },
  ]
  return { facts, routine, report, files }
}

function text(content: string): Buffer {
  return Buffer.from(content, 'utf8')
}
