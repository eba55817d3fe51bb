import type { Random } from './random.ts'

/** Devices, gels, calibrations and operators of a small laboratory. */
export interface Device {
  readonly serial: string
  readonly model: string
  readonly firmware: string
  readonly configuration: string
  readonly cameraId: string
  readonly lensSerial: string
}

export interface Calibration {
  /** `device.calibname`, the natural key. */
  readonly name: string
  /** Counted from 1: a re-verified calibration keeps its name. */
  readonly version: number
  readonly device: Device
  readonly gel: string
  /** Local time of the scanning PC, `2026-01-05 08:00:00`. */
  readonly createdOn: string
  readonly verifiedOn: string
  readonly mmPerPixel: number
  readonly isVerified: boolean
  readonly linfit: readonly number[]
  readonly quadfit: readonly number[]
  readonly grooveDepth: number
}

export interface Fleet {
  readonly devices: readonly Device[]
  readonly operators: readonly string[]
  /** In order of time. */
  readonly calibrations: readonly Calibration[]
  /** The calibration whose file lies beside a scan of this device on this day (from 0). */
  calibrationFor(device: Device, day: number): Calibration
}

const fieldOfViewMm = 6.7756

const devices: readonly Device[] = [
  device('00020015', 'Modulus', '170', 'UCGAC2413002', '4581A013'),
  device('00020022', 'Modulus', '171', 'UCGAC2413017', '4581A027'),
  device('00020031', 'Series2', '165', 'UCGAC2401140', '4581A101'),
]
const gels = ['4E07-XNJU', '12E5-0017', '2EF6-4JNW', '5A11-QKRM']
const operators = ['M. Ortega', 'J. Lindqvist', 'Aiko Tanaka', 'r.dubois']

/** `days` long from `start`; one device changes its gel at two thirds, the first device's calibration is re-verified halfway. */
export function makeFleet(start: Date, days: number, width: number, random: Random): Fleet {
  const calibrations: Calibration[] = []
  const byDevice = new Map<Device, { from: number; calibration: Calibration }[]>()
  const add = (
    owner: Device,
    gel: string,
    day: number,
    from: number,
    version: number,
    before?: Calibration,
  ): Calibration => {
    const made = makeCalibration(
      owner,
      gel,
      addDays(start, day),
      version,
      width,
      random.fork(`${owner.serial}/${gel}/${version}`),
      before,
    )
    calibrations.push(made)
    byDevice.set(owner, [...(byDevice.get(owner) ?? []), { from, calibration: made }])
    return made
  }
  for (const [i, owner] of devices.entries()) {
    const first = add(owner, gels[i] ?? '4E07-XNJU', -1, 0, 1)
    if (i === 0 && days >= 4) add(owner, first.gel, days / 2 - 0.5, Math.floor(days / 2), 2, first)
    if (i === 2 && days >= 6) add(owner, '5A11-QKRM', (2 * days) / 3 - 0.5, Math.floor((2 * days) / 3), 1)
  }
  return {
    devices,
    operators,
    calibrations: calibrations.toSorted((a, b) => a.verifiedOn.localeCompare(b.verifiedOn)),
    calibrationFor: (owner, day) => {
      const last = byDevice.get(owner)?.findLast((entry) => entry.from <= day)
      if (last === undefined) throw new RangeError(`device ${owner.serial} has no calibration on day ${day}`)
      return last.calibration
    },
  }
}

/** Millimetres a pixel of a picture of this width: the sensor's field of view stays the same. */
export function nominalPitch(width: number): number {
  return fieldOfViewMm / width
}

/** `2026-01-05 08:00:00`, as GelSight writes local time. */
export function localText(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ')
}

export function addDays(start: Date, days: number): Date {
  return new Date(start.getTime() + days * 86_400_000)
}

function device(
  serial: string,
  model: string,
  firmware: string,
  cameraId: string,
  lensSerial: string,
): Device {
  return { serial, model, firmware, configuration: 'Modulus16mm90Deg', cameraId, lensSerial }
}

function makeCalibration(
  owner: Device,
  gel: string,
  verified: Date,
  version: number,
  width: number,
  random: Random,
  before: Calibration | undefined,
): Calibration {
  const stamp = localText(verified).replace(/[-:]/g, '').replace(' ', '_').slice(0, 13)
  const numbers = (count: number): number[] =>
    Array.from({ length: count }, () => round(0.3 * random.normal(), 12))
  return {
    name: before?.name ?? `Calib-${gel}_${stamp}`,
    version,
    device: owner,
    gel,
    createdOn: before?.createdOn ?? localText(verified),
    verifiedOn: localText(new Date(verified.getTime() + 2000)),
    mmPerPixel: round(nominalPitch(width) * (1 + 0.0005 * random.normal()), 14),
    isVerified: version > 1 || gel !== '5A11-QKRM',
    linfit: numbers(6 * 18),
    quadfit: numbers(6 * 60),
    grooveDepth: round(0.246 + 0.0004 * random.normal(), 12),
  }
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
