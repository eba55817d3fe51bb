import { join } from 'node:path'
import type { ScanFacts } from './documents.ts'
import { openFolder, openZip, truncateZip, type DropWriter } from './drop.ts'
import { addDays, localText, makeFleet, type Calibration, type Fleet } from './fleet.ts'
import { flaws } from './flaws.ts'
import { createRandom, type Random } from './random.ts'
import { routines, type Routine } from './routines.ts'
import { makeScan, type SampleScan } from './scan.ts'

/** What `headrace sample` makes. The same options give the same bytes. */
export interface SampleOptions {
  /** Folder that receives the drops, usually the inbox. */
  readonly folder: string
  readonly seed?: number
  /** Scans in all, the five routines in turn. */
  readonly scans?: number
  /** Width of a picture in pixels, 16 to 2472; the height follows the sensor: 2064 / 2472 of it. */
  readonly width?: number
  readonly scansPerDrop?: number
  /** Days over which the scans are spread. */
  readonly days?: number
  /** First day, `2026-01-05`. */
  readonly start?: string
  /** Share of scans with a flaw, 0 to 1; with any, the last drop also comes a second time, cut short. */
  readonly bad?: number
  /** Every n-th drop is a plain folder instead of a ZIP; 0: none. */
  readonly folderEvery?: number
  readonly onProgress?: (done: number, total: number, bytes: number) => void
}

export interface SampleReport {
  readonly drops: string[]
  readonly bytes: number
  readonly scans: readonly MadeScan[]
  readonly calibrations: readonly Calibration[]
  readonly bad: readonly {
    readonly kind: string
    readonly drop: string
    readonly place: string
    readonly description: string
  }[]
}

/** What was put into a scan, for checking what comes out. */
export interface MadeScan {
  readonly guid: string
  readonly drop: string
  readonly folder: string
  readonly routine: string
  readonly device: string
  readonly calibration: string
  readonly operator: string
  readonly createdOn: string
  readonly flaw: string | null
  readonly values: Readonly<Record<string, number>>
}

const sensor = { width: 2472, height: 2064 }

export async function makeSamples(options: SampleOptions): Promise<SampleReport> {
  const {
    seed = 1,
    scans = 25,
    width = 64,
    scansPerDrop = 25,
    days = 10,
    start = '2026-01-05',
    bad = 0,
    folderEvery = 0,
  } = options
  checkOptions({ scans, width, scansPerDrop, days, bad, start })
  const random = createRandom(seed)
  const first = new Date(`${start}T08:00:00Z`)
  const fleet = makeFleet(first, days, width, random.fork('fleet'))
  const made: MadeScan[] = []
  const drops: string[] = []
  const found: SampleReport['bad'][number][] = []
  let bytes = 0
  for (let from = 0, drop = 1; from < scans; from += scansPerDrop, drop++) {
    const isFolder = folderEvery > 0 && drop % folderEvery === 0
    const name = `GelSight_${start}_seed${seed}_${String(drop).padStart(3, '0')}${isFolder ? '' : '.zip'}`
    const path = join(options.folder, name)
    const writer = isFolder ? await openFolder(path, first) : await openZip(path, first)
    for (let i = from; i < Math.min(scans, from + scansPerDrop); i++) {
      const one = makeOne(i, { scans, width, days, first, bad }, fleet, random.fork(`scan ${i}`))
      await writeScan(writer, one)
      if (one.flaw !== null)
        found.push({ kind: one.flaw.kind, drop: name, place: one.folder, description: one.flaw.description })
      made.push(madeScan(one, name))
      options.onProgress?.(i + 1, scans, bytes)
    }
    bytes += await writer.close()
    drops.push(name)
  }
  if (bad > 0) {
    const name = `GelSight_${start}_seed${seed}_cut.zip`
    bytes += await writeCutDrop(
      join(options.folder, name),
      first,
      makeOne(0, { scans, width, days, first, bad: 0 }, fleet, random.fork('cut')),
    )
    drops.push(name)
    found.push({
      kind: 'cut-zip',
      drop: name,
      place: '',
      description: 'the transfer broke off: the ZIP has no directory',
    })
  }
  return { drops, bytes, scans: made, calibrations: fleet.calibrations, bad: found }
}

interface One {
  readonly scan: SampleScan
  readonly folder: string
  readonly flaw: (typeof flaws)[number] | null
}

interface Course {
  readonly scans: number
  readonly width: number
  readonly days: number
  readonly first: Date
  readonly bad: number
}

/** Scan number `i` of the course: parts follow each other through the days, each measured by all five routines. */
function makeOne(i: number, course: Course, fleet: Fleet, random: Random): One {
  const part = Math.floor(i / routines.length)
  const routine = routines[i % routines.length] as Routine
  const day = Math.floor((i * course.days) / course.scans)
  const device = fleet.devices[part % fleet.devices.length]
  if (device === undefined) throw new RangeError('a fleet without devices makes no scans')
  const calibration = fleet.calibrationFor(device, day)
  const minutes = 10 + (((i * course.days * 480) / course.scans) % 480)
  const aligned = random.next() < 0.9
  const facts: ScanFacts = {
    guid: random.guid(),
    createdOn: localText(addDays(course.first, day + minutes / 1440)),
    operator: random.pick(fleet.operators),
    calibration,
    gelUseCount: 10 + part,
    width: course.width,
    height: Math.round((course.width * sensor.height) / sensor.width),
    aligned,
    images: [1, 2, 3, 4, 5, 6].map((n) => `${aligned ? 'aligned' : 'image'}0${n}.png`),
    heightmap: `part-${String(part + 1).padStart(4, '0')}.tmd`,
    normalmap: `part-${String(part + 1).padStart(4, '0')}_nrm.png`,
    passed: random.next() < 0.97,
    debug: false,
    shapeId: 100_000_000 + random.integer(1_900_000_000),
    routineId: 100_000_000 + random.integer(1_900_000_000),
  }
  // One gauge wears: the second device reads a growing diameter in the last third of the course.
  const worn = device === fleet.devices[1] ? Math.max(0, (day + 1) / course.days - 2 / 3) * 0.09 : 0
  const scan = makeScan(facts, routine, worn, random)
  const step = course.bad === 0 ? 0 : Math.max(1, Math.round(1 / course.bad))
  const flaw = step > 0 && i % step === step - 1 ? (flaws[Math.floor(i / step) % flaws.length] ?? null) : null
  flaw?.apply(scan)
  return { scan, flaw, folder: `GelSightAnalysis-${String(part + 1).padStart(4, '0')}/${routine.folder}` }
}

async function writeScan(writer: DropWriter, one: One): Promise<void> {
  for (const file of one.scan.files) await writer.add(`${one.folder}/${file.name}`, file.bytes)
}

async function writeCutDrop(path: string, time: Date, one: One): Promise<number> {
  const writer = await openZip(path, time)
  await writeScan(writer, one)
  const size = await writer.close()
  await truncateZip(path, 0.6)
  return Math.floor(size * 0.6)
}

function madeScan(one: One, drop: string): MadeScan {
  const { facts, routine, report } = one.scan
  return {
    guid: facts.guid,
    drop,
    folder: one.folder,
    routine: routine.type,
    device: facts.calibration.device.serial,
    calibration: facts.calibration.name,
    operator: facts.operator,
    createdOn: facts.createdOn,
    flaw: one.flaw?.kind ?? null,
    values: report.values,
  }
}

function checkOptions(given: {
  scans: number
  width: number
  scansPerDrop: number
  days: number
  bad: number
  start: string
}): void {
  const whole = (name: 'scans' | 'width' | 'scansPerDrop' | 'days', low: number, high: number): void => {
    const value = given[name]
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new RangeError(`${name} is ${value}; it must be a whole number from ${low} to ${high}`)
    }
  }
  whole('scans', 1, 1_000_000)
  whole('width', 16, sensor.width)
  whole('scansPerDrop', 1, 100_000)
  whole('days', 1, 3650)
  if (!(given.bad >= 0 && given.bad <= 1))
    throw new RangeError(`bad is ${given.bad}; it must be a share from 0 to 1`)
  if (Number.isNaN(Date.parse(`${given.start}T08:00:00Z`)))
    throw new RangeError(`start is ${given.start}; it must be a day like 2026-01-05`)
}
