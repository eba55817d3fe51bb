import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { buildTable } from '../../../tables/build/build-table.ts'
import { appendRows } from '../../../tables/rows/append-rows.ts'
import { contractOf, rowsOf } from '../../tables/fixture.ts'
import { openBronze, type Bronze } from './bronze-run.ts'
import { scanFiles } from './scan-files.ts'

/** A volume of its own that can be filled and made read-only; null where this user may not mount one. */
function mountVolume(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-volume-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'headrace-test', folder], { stdio: 'ignore' })
    return folder
  } catch {
    rmSync(folder, { recursive: true })
    return null
  }
}

function unmount(folder: string): void {
  execFileSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true, force: true })
}

const probe = mountVolume()
if (probe !== null) unmount(probe)
const title =
  probe === null
    ? 'a lake on a volume of its own (skipped: mount is not permitted here)'
    : 'a lake on a volume of its own'

const volumes: string[] = []
afterEach(() => {
  for (const volume of volumes.splice(0)) unmount(volume)
})

function volume(): string {
  const folder = mountVolume()
  if (folder === null) throw new Error('mount worked a moment ago')
  volumes.push(folder)
  return folder
}

const drop = Object.assign(
  {},
  ...Array.from({ length: 6 }, (_, n) =>
    scanFiles(`Scan ${n}`, { guid: `00000000-0000-4000-8000-00000000000${n}`, diameter: `1.${n} mm` }),
  ),
) as Record<string, string | Buffer>

const tables = [
  'scans',
  'shapes',
  'measurements',
  'images',
  'heightmaps',
  'calibrations',
  'validation_findings',
]

async function contentOf(bronze: Bronze): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {}
  for (const table of tables) content[table] = await bronze.rows(table)
  content['objects'] = Object.keys(await bronze.objects('bronze/scans'))
  return content
}

async function undisturbed(): Promise<Record<string, unknown>> {
  await using bronze = await openBronze()
  await bronze.putZip('drop.zip', drop)
  await bronze.ingest('b1', { chunkSize: 2 })
  return await contentOf(bronze)
}

/** Takes all of a volume but so many bytes. */
async function fill(home: string, leave: number): Promise<string> {
  const { bavail, bsize } = statfsSync(home)
  const filler = join(home, 'filler')
  await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - leave), 1))
  return filler
}

describe.skipIf(probe === null)(title, () => {
  it('that fills up fails every attempt with the fix in its message, and goes on once there is room', async () => {
    const home = volume()
    await using bronze = await openBronze({ home })
    await bronze.putZip('drop.zip', drop)
    const failures: string[] = []
    for (const leave of [0, 8_000, 40_000, 120_000, 250_000, 400_000]) {
      const filler = await fill(home, leave)
      await bronze.ingest('b1', { chunkSize: 2 }).catch((error: unknown) => failures.push(String(error)))
      await rm(filler)
    }
    expect(failures.length).toBeGreaterThan(2)
    for (const failure of failures)
      expect(failure).toMatch(/the disk is full: free space or move the lake \(HEADRACE_LAKE\)|No space left/)
    await bronze.ingest('b1', { chunkSize: 2 })
    expect(await contentOf(bronze)).toEqual(await undisturbed())
    expect(await readdir(join(home, 'lake/_tmp'))).toEqual([])
  })

  it('that fills up under a writer of rows loses the commit, neither the process nor a row', async () => {
    const home = volume()
    await using bronze = await openBronze({ home })
    const { fixture } = bronze
    const columns = [{ name: 'id', type: 'string' as const, nullable: false }]
    const contract = contractOf({ name: 'bronze.small', columns })
    const append = (transaction: string, rows: number) =>
      appendRows({
        ...fixture,
        contract,
        transaction,
        rows: Array.from({ length: rows }, (_, n) => ({ id: `${transaction}-${n}-${randomUUID()}` })),
      })
    await append('first', 3)
    // No byte is free, then enough for the header only, then enough for some of the rows.
    for (const leave of [0, 4_096, 300_000]) {
      const filler = await fill(home, leave)
      await expect(append('second', 20_000)).rejects.toThrow(/the disk is full: free space/)
      await rm(filler)
    }
    expect(await rowsOf(fixture, contract, 'id')).toHaveLength(3)
    await append('second', 20_000)
    expect(await rowsOf(fixture, contract, 'id')).toHaveLength(20_003)
    expect(await readdir(join(home, 'lake/_tmp'))).toEqual([])
  })

  it('that fills up under a build of a table commits nothing, and the same batch builds it once there is room', async () => {
    const home = volume()
    await using bronze = await openBronze({ home })
    const { fixture } = bronze
    const contract = contractOf({
      name: 'silver.built',
      columns: [
        { name: 'id', type: 'bigint', nullable: false },
        { name: 'text', type: 'string', nullable: false },
      ],
      key: ['id'],
      materialization: { type: 'merge' },
    })
    const build = (batch: string, rows: number) =>
      buildTable({
        ...fixture,
        contract,
        sql: `SELECT range AS id, md5('${batch}' || range) AS text FROM range(${rows})`,
        batch,
        parameters: {},
        contractOf: async () => null,
      })
    await build('b1', 10)
    for (const leave of [0, 4_096, 500_000, 3_000_000]) {
      const filler = await fill(home, leave)
      await expect(build('b2', 100_000), `${leave} bytes free`).rejects.toThrow(
        /the disk is full: free space or move the lake \(HEADRACE_LAKE\)/,
      )
      await rm(filler)
    }
    expect(await rowsOf(fixture, contract, 'id')).toHaveLength(10)
    expect(await build('b2', 100_000)).toMatchObject({ committed: true, version: 1 })
    expect(await rowsOf(fixture, contract, 'id')).toHaveLength(100_000)
    expect(await readdir(join(home, 'lake/_tmp'))).toEqual([])
  })

  it('that cannot be written says so and takes the batch once it can', async () => {
    const home = volume()
    await using bronze = await openBronze({ home })
    await bronze.putZip('drop.zip', drop)
    execFileSync('mount', ['-o', 'remount,ro', home])
    await expect(bronze.ingest('b1', { chunkSize: 2 })).rejects.toThrow(
      /the volume is mounted read-only: mount it writable or move the lake \(HEADRACE_LAKE\) \(EROFS\)/,
    )
    execFileSync('mount', ['-o', 'remount,rw', home])
    await bronze.ingest('b1', { chunkSize: 2 })
    expect(await contentOf(bronze)).toEqual(await undisturbed())
  })
})
