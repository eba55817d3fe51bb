import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { notificationFaults } from './notification-faults.ts'
import { drawPlan } from './plan.ts'
import { processesOf } from './processes.ts'
import { canMount, mountSmallDisk } from './small-disk.ts'
import { differences, type Survey } from './survey.ts'
import { WriteWatch } from './write-watch.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'headrace-notices-'))

const calm: Survey = {
  tables: { 'gold.qc_reporting': { rows: 3, hash: 'a' } },
  warehouse: { dim_device: { rows: 2, hash: 'b' } },
  objects: { 'scans/1/images/1.png': 'c', 'scans/1/processing_log.json': null },
  archived: ['drop.zip'],
  inbox: [],
  notifications: ['bronze done'],
  logged: [],
}

it.each<{ what: string; found: Partial<Survey>; says: string }>([
  { what: 'a table that is gone', found: { tables: {} }, says: 'table gold.qc_reporting' },
  {
    what: 'one other digit in a table',
    found: { tables: { 'gold.qc_reporting': { rows: 3, hash: 'x' } } },
    says: 'table gold.qc_reporting',
  },
  {
    what: 'a row more in the warehouse',
    found: { warehouse: { dim_device: { rows: 3, hash: 'x' } } },
    says: 'warehouse table dim_device',
  },
  {
    what: 'an object with other bytes',
    found: { objects: { ...calm.objects, 'scans/1/images/1.png': 'x' } },
    says: 'bronze object scans/1/images/1.png',
  },
  {
    what: 'a scan without its log',
    found: { objects: { 'scans/1/images/1.png': 'c' } },
    says: 'bronze object scans/1/processing_log.json',
  },
  { what: 'a drop that was not archived', found: { archived: [] }, says: 'archived file drop.zip' },
  { what: 'a file left in the inbox', found: { inbox: ['drop.zip'] }, says: 'inbox file drop.zip' },
  {
    what: 'a second notification under another key',
    found: { notifications: ['bronze done', 'bronze done'] },
    says: 'notification bronze done',
  },
  {
    what: 'a scan with two rows in the log',
    found: { logged: ['inbox/a.zip: 2 rows'] },
    says: 'ingestion log',
  },
])('notices $what', ({ found, says }) => {
  expect(differences(calm, calm)).toEqual([])
  expect(differences(calm, { ...calm, ...found }).map((line) => line.split(':')[0])).toEqual([says])
})

it('notices a notification that never came, and one that was repeated under another key', () => {
  const one = { title: 'bronze done', deduplicationKey: 'k1' }
  expect(notificationFaults(['bronze done'], [one, one], [one])).toEqual([])
  expect(notificationFaults(['bronze done'], [], [one])).toHaveLength(1)
  expect(notificationFaults(['bronze done'], [one, { ...one, deduplicationKey: 'k2' }], [one])).toHaveLength(
    1,
  )
})

it('notices an object that is written a second time, in place or by another file of the same bytes', () => {
  const lake = folder()
  const files = ['kept', 'overwritten', 'replaced'].map((name) => join(lake, 'bronze/scans/1', name))
  mkdirSync(dirname(files[0] ?? ''), { recursive: true })
  for (const file of files) writeFileSync(file, 'bytes')
  const watch = new WriteWatch(lake)
  watch.look()
  writeFileSync(files[1] ?? '', 'bytes')
  writeFileSync(join(lake, 'again'), 'bytes')
  renameSync(join(lake, 'again'), files[2] ?? '')
  watch.look()
  expect([...watch.writtenAgain].toSorted()).toEqual([
    'bronze/scans/1/overwritten',
    'bronze/scans/1/replaced',
  ])
  rmSync(lake, { recursive: true })
})

it('notices a process that belongs to a home', async () => {
  const home = folder()
  const child = spawn(process.execPath, ['--eval', 'process.stdin.resume()'], {
    env: { HEADRACE_HOME: home },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  await once(child, 'spawn')
  await expect.poll(() => processesOf(home)).toHaveLength(1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(processesOf(home)).toEqual([])
})

it.runIf(canMount())('fills a disk so that nobody can write a byte, until it is freed', () => {
  const home = folder()
  const disk = mountSmallDisk(home)
  try {
    disk.fill()
    expect(() => writeFileSync(join(home, 'file'), 'x')).toThrow('ENOSPC')
    disk.free()
    writeFileSync(join(home, 'file'), 'x')
  } finally {
    disk.unmount()
  }
})

it('draws the same plan from the same seed: one to three kills, and each second time a sleeper or a full disk', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { disturbances } = drawPlan(seed)
    expect(drawPlan(seed).disturbances).toEqual(disturbances)
    expect(disturbances.filter(({ victim }) => victim === (seed % 2 === 1 ? 'zombie' : 'disk'))).toHaveLength(
      1,
    )
    expect(disturbances.length).toBeGreaterThan(1)
  }
})
