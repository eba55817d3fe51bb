import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { openZip } from '../../formats/gelsight/make/drop.ts'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'

export interface DropOptions {
  /** Folder that receives the ZIPs. */
  readonly folder: string
  /** Width of a picture in pixels: 2472 gives scans of 19 MB, 256 scans of 0.5 MB. */
  readonly width: number
  readonly scans: number
  readonly scansPerDrop: number
}

type Files = readonly { readonly name: string; readonly bytes: Buffer }[]

const time = new Date('2026-01-05T08:00:00Z')

/**
 * Drops of scans from the project's own sample maker, one of each of the five routines, which come again under other guids: so
 * gigabytes take seconds. Answers their bytes.
 */
export async function makeDrops({ folder, width, scans, scansPerDrop }: DropOptions): Promise<number> {
  const samples = await readSamples(width)
  let bytes = 0
  for (let from = 0; from < scans; from += scansPerDrop) {
    const drop = await openZip(join(folder, `drop-${String(from).padStart(6, '0')}.zip`), time)
    for (let scan = from; scan < Math.min(scans, from + scansPerDrop); scan += 1) {
      for (const { name, bytes: content } of samples[scan % samples.length] ?? []) {
        const isScan = name === 'scan.yaml'
        await drop.add(
          `Part-${String(scan).padStart(6, '0')}/${name}`,
          isScan ? withNewGuid(content) : content,
        )
      }
    }
    bytes += await drop.close()
  }
  return bytes
}

async function readSamples(width: number): Promise<Files[]> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-bench-'))
  try {
    await makeSamples({ folder, scans: 5, width, folderEvery: 1 })
    const paths = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
    const scans = paths.filter((path) => path.endsWith('/scan.yaml')).map(dirname)
    return await Promise.all(
      scans.map((scan) =>
        Promise.all(
          paths
            .filter((path) => path.startsWith(`${scan}/`))
            .map(async (path) => ({ name: relative(scan, path), bytes: await readFile(path) })),
        ),
      ),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function withNewGuid(scanYaml: Buffer): Buffer {
  return Buffer.from(scanYaml.toString().replace(/^guid: .*$/m, `guid: ${randomUUID()}`))
}
