import { cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'

/** Drops whose calibrations come apart from their scans, so that they can come late. */
export interface Drops {
  /** Scans without their calibrations. */
  readonly bare: readonly [string, string]
  /** Scans with their calibrations beside them, and a ZIP that was cut short. */
  readonly whole: readonly [string, string]
  /** First content of every calibration. */
  readonly calibrations: string
  /** A calibration verified again (same name and time, other content), and one made anew later (same name, later time). */
  readonly laterCalibrations: string
}

const fileTime = new Date('2026-01-20T08:00:00Z')

/** The same bytes each time. `folder` receives the drops. */
export async function makeDrops(folder: string): Promise<Drops> {
  const report = await makeSamples({
    folder,
    scans: 45,
    width: 32,
    scansPerDrop: 15,
    folderEvery: 1,
    bad: 0.15,
  })
  const [one, two, three, cut] = report.drops
  if (one === undefined || two === undefined || three === undefined || cut === undefined)
    throw new Error(`Four drops are needed; there are: ${report.drops.join(', ')}`)
  const contents = new Map<string, string[]>()
  for (const path of await calibrationFiles(folder)) {
    const text = await readFile(path, 'utf8')
    const known = contents.get(basename(path)) ?? []
    if (!known.includes(text)) contents.set(basename(path), [...known, text])
    if (!path.startsWith(join(folder, three))) await rm(path)
  }
  const names = [...contents.keys()].sort()
  const [calibrations, laterCalibrations] = ['calibrations-first', 'calibrations-later']
  let again = 0
  for (const name of names) {
    const [first = '', ...others] = (contents.get(name) ?? []).sort((a, b) =>
      verified(a).localeCompare(verified(b)),
    )
    await put(join(folder, calibrations), name, first)
    for (const other of others) await put(join(folder, laterCalibrations), name, other)
    again += others.length
  }
  const remade = names.find((name) => contents.get(name)?.length === 1)
  if (again === 0 || remade === undefined)
    throw new Error('The samples have no calibration that was verified again, or no other one')
  const before = contents.get(remade)?.[0] ?? ''
  const after = before
    .replace(/^createdon: .*$/m, 'createdon: 2026-01-08 12:00:00')
    .replace(/^magnification: .*$/m, 'magnification: 1.000125')
  await put(join(folder, laterCalibrations), remade, after)
  return { bare: [one, two], whole: [three, cut], calibrations, laterCalibrations }
}

/** Puts drops into a folder as they are. */
export async function bring(from: string, drops: readonly string[], to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const drop of drops)
    await cp(join(from, drop), join(to, drop), { recursive: true, preserveTimestamps: true })
}

async function calibrationFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true })
  return entries
    .filter((path) => basename(path).startsWith('Calib-'))
    .map((path) => join(folder, path))
    .sort()
}

function verified(text: string): string {
  return /^ +date: (.*)$/m.exec(text)?.[1] ?? ''
}

async function put(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), text)
  await utimes(join(folder, name), fileTime, fileTime)
}
