import type { SampleScan, ScanFile } from './scan.ts'

/** Bad cases as they really arrive. Each changes the files of one scan and says what was done. */
export interface Flaw {
  readonly kind: string
  readonly description: string
  apply(scan: SampleScan): void
}

export const flaws: readonly Flaw[] = [
  {
    kind: 'broken-yaml',
    description: 'scan.yaml ends in the middle of a flow list',
    apply: (scan) => edit(scan, 'scan.yaml', (text) => text.replace('crop: [0, 0, 0, 0]', 'crop: [0, 0')),
  },
  {
    kind: 'missing-image',
    description: 'an image that scan.yaml lists is not in the drop',
    apply: (scan) => remove(scan, scan.facts.images[2] ?? ''),
  },
  {
    kind: 'short-heightmap',
    description: 'the height map is shorter than its header says',
    apply: (scan) =>
      change(scan, scan.facts.heightmap, (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.7))),
  },
  {
    kind: 'wrong-image-size',
    description: 'scan.yaml states another width than the images have',
    apply: (scan) =>
      edit(scan, 'scan.yaml', (text) => text.replace(/scanwidth: \d+/, `scanwidth: ${scan.facts.width + 8}`)),
  },
  {
    kind: 'missing-shape',
    description: 'the routine names a shape that does not exist',
    apply: (scan) =>
      edit(scan, 'analysis/scancontext.yaml', (text) =>
        text.replace(/primaryshapeid: \d+/, 'primaryshapeid: 999999999'),
      ),
  },
  {
    kind: 'impossible-number',
    description: 'a result reads `inf mm`',
    apply: (scan) =>
      edit(scan, 'analysis/scancontext.yaml', (text) => text.replace(/: -?[\d.e-]+ (mm|µm)$/m, ': inf $1')),
  },
  {
    kind: 'missing-guid',
    description: 'scan.yaml has no guid',
    apply: (scan) => edit(scan, 'scan.yaml', (text) => text.replace(/^guid: .*\n/m, '')),
  },
  {
    kind: 'missing-calibration',
    description: 'the calibration file is not in the drop',
    apply: (scan) => remove(scan, `${scan.facts.calibration.name}.yaml`),
  },
]

function remove(scan: SampleScan, name: string): void {
  scan.files.splice(indexOf(scan, name), 1)
}

function change(scan: SampleScan, name: string, by: (bytes: Buffer) => Buffer): void {
  const index = indexOf(scan, name)
  const file = scan.files[index] as ScanFile
  scan.files[index] = { name, bytes: by(file.bytes) }
}

function edit(scan: SampleScan, name: string, by: (text: string) => string): void {
  change(scan, name, (bytes) => {
    const before = bytes.toString('utf8')
    const after = by(before)
    if (after === before)
      throw new Error(`the flaw changes nothing in ${name}: its pattern does not fit the text`)
    return Buffer.from(after, 'utf8')
  })
}

function indexOf(scan: SampleScan, name: string): number {
  const index = scan.files.findIndex((file) => file.name === name)
  if (index < 0)
    throw new Error(
      `a sample scan has no file ${name}; it has ${scan.files.map((file) => file.name).join(', ')}`,
    )
  return index
}
