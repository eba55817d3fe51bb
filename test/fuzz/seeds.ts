import { existsSync } from 'node:fs'
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'
import { expression, noise } from '../adf/expression/arbitrary.ts'
import { haveSamples, samples, whyNot } from '../formats/gelsight/samples.ts'

/** What the targets are fed with before it is changed, by kind. */
export interface Seeds {
  readonly scan: Buffer[]
  readonly context: Buffer[]
  readonly calibration: Buffer[]
  readonly tmd: Buffer[]
  readonly png: Buffer[]
  readonly zip: Buffer[]
  readonly quantity: Buffer[]
  readonly time: Buffer[]
  readonly definition: Buffer[]
  readonly expression: Buffer[]
  /** What could not be used, and why. */
  readonly missing: string[]
}

const quantities = [
  '1.10483882013 mm',
  '0.77854575067 mm²',
  '0.8 µm',
  '.5',
  '-1.5e-3 mm',
  '(1, 2)',
  '12 °',
  '1 in',
]
const times = [
  '2025-09-17 12:58:41',
  '2025-09-17T12:58:41.25Z',
  '2025-10-26 02:30:00',
  '2025-09-17 12:58:41+02:00',
]

/** Small files of the sample maker, real ones where they are at hand, the definitions of this repository. */
export async function readSeeds(seed: number): Promise<Seeds> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-fuzz-seeds-'))
  try {
    await makeSamples({ folder, seed, scans: 5, width: 16, scansPerDrop: 5, folderEvery: 1 })
    await makeSamples({ folder, seed, scans: 2, width: 16, scansPerDrop: 1 })
    const of = async (root: string, patterns: string | string[]) => {
      const found: Buffer[] = []
      for await (const path of glob(patterns, { cwd: root })) found.push(await readFile(join(root, path)))
      return found
    }
    const real = async (pattern: string) => (haveSamples ? of(samples, pattern) : [])
    const repository = join(import.meta.dirname, '../..')
    return {
      scan: [...(await of(folder, '**/scan.yaml')), ...(await real('**/scan.yaml'))],
      context: [...(await of(folder, '**/scancontext.yaml')), ...(await real('scans/**/scan.yaml'))],
      calibration: [...(await of(folder, '*/*/[!s]*.yaml')), ...(await real('calibrations/*.yaml'))],
      // A real height map has a megabyte: the beginning is enough.
      tmd: [
        ...(await of(folder, '**/*.tmd')),
        ...(await real('**/*.tmd')).map((one) => one.subarray(0, 20_000)),
      ],
      png: [
        ...(await of(folder, '**/*.png')),
        ...(await real('**/*.png')).map((one) => one.subarray(0, 4_000)),
      ],
      zip: await of(folder, '*.zip'),
      quantity: quantities.map((text) => Buffer.from(text)),
      time: times.map((text) => Buffer.from(text)),
      definition: await of(repository, ['factories/**/*.yaml', 'test/adf/**/*.yaml', 'factories/**/*.json']),
      expression: fc
        .sample(fc.oneof(expression, noise), { seed, numRuns: 2_000 })
        .map((text) => Buffer.from(text)),
      missing: existsSync(samples) ? [] : [`real files${whyNot}`],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
