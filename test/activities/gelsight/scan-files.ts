import { crc32, deflateSync } from 'node:zlib'

/** Small but complete files of a scan, for tests that need no real surface. */
export interface ScanOptions {
  readonly guid?: string | null
  readonly createdOn?: string
  readonly width?: number
  readonly height?: number
  readonly calib?: string
  readonly diameter?: string
  readonly primaryShape?: number
}

export const guidA = '538dbdb9-eacb-4738-9d0d-1ebe2db42c2d'
export const guidB = 'fb7b784b-4189-4161-a6d7-fcd50699c3f8'

export function scanFiles(folder: string, options: ScanOptions = {}): Record<string, string | Buffer> {
  const { guid = guidA, width = 8, height = 6, calib = 'C:\\Users\\Public\\Calib-1.yaml' } = options
  return {
    [`${folder}/scan.yaml`]: `version: 3.0
${guid === null ? '' : `guid: ${guid}\n`}createdon: ${options.createdOn ?? '2025-09-17 12:58:41'}
mmperpixel: 0.00274
scanwidth: 8
scanheight: 6
images: [image01.png, image02.png]
activeheightmap: part.tmd
activenormalmap: part_nrm.png
calib: ${calib}
aligned: True
metadata: {username: jo, gelid: 12E5-0017}
device: {serialnumber: 00020015, devicemodel: Modulus}
`,
    [`${folder}/analysis/scancontext.yaml`]: `version: 3.0
shapes:
  - {type: circle, id: 5, x: 3, y: 2, r: 1}
routines:
  - {type: HoleByEdge, id: 7, name: Hole Diameter, primaryshapeid: ${options.primaryShape ?? 5}, annotationids: '[5]', diameter: '${options.diameter ?? '1.1 mm'}', meta_PassedAnalysis: True}
`,
    [`${folder}/image01.png`]: png(width, height),
    [`${folder}/image02.png`]: png(width, height, 1),
    [`${folder}/part_nrm.png`]: png(4, 3),
    [`${folder}/part.tmd`]: tmd([0.1, 0.2, 0.3, NaN]),
    [`${folder}/Calib-1.yaml`]: calibration(),
  }
}

export function calibration(created = '2025-09-01 08:00:00'): string {
  return `version: 3.0
createdon: ${created}
mmperpixel: 0.00274
device: {calibname: Calib-1, serialnumber: 00020015}
linfit: {rows: 1, cols: 2, values: [0.5, 0.25]}
result: {isverified: True}
`
}

export function png(width: number, height: number, shade = 0): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8)
  const rows = Buffer.alloc((width + 1) * height, shade)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

/** A height map of two columns. */
export function tmd(heights: readonly number[]): Buffer {
  const numbers = Buffer.alloc(24 + heights.length * 4)
  numbers.writeUInt32LE(2, 0)
  numbers.writeUInt32LE(heights.length / 2, 4)
  numbers.writeFloatLE(0.02, 8)
  numbers.writeFloatLE(0.02, 12)
  heights.forEach((height, index) => numbers.writeFloatLE(height, 24 + 4 * index))
  return Buffer.concat([Buffer.from('Binary TrueMap Data File v2.0\r\n\0\0', 'latin1'), numbers])
}
