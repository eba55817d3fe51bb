import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { numbersTable } from './loading-process.ts'
import { rowsOf, temporaryWarehouse } from './temporary-warehouse.ts'

const program = join(import.meta.dirname, 'loading-process.ts')

function start(file: string, ...argv: string[]): ChildProcess {
  const child = spawn(process.execPath, [program, file, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    if (child.exitCode === null) child.kill('SIGKILL')
  })
  return child
}

test('four processes write at once, none fails and nothing is lost', async () => {
  const { file, warehouse } = await temporaryWarehouse()
  const writers = Array.from({ length: 4 }, () => start(file, 'upsert', '200'))
  const exits = await Promise.all(writers.map((writer) => once(writer, 'exit')))
  expect(exits).toEqual(writers.map(() => [0, null]))
  expect(
    await warehouse.query('SELECT count(*) AS rows, count(DISTINCT writer) AS writers FROM numbers'),
  ).toEqual([{ rows: 800, writers: 4 }])
})

test('a process killed in the middle of a load leaves nothing of it, and the next one loads', async () => {
  const { file, warehouse } = await temporaryWarehouse()
  await warehouse.migrate([numbersTable])
  await warehouse.upsert(numbersTable, [['before', 0]])
  const loader = start(file, 'load')
  const stdout = loader.stdout
  if (stdout === null) throw new Error('the loader has no stdout')
  await once(createInterface(stdout), 'line')

  // Readers see the state before; a writer waits for its turn without stopping this process.
  expect(await warehouse.query('SELECT writer FROM numbers')).toEqual([{ writer: 'before' }])
  const waiting = warehouse.upsert(numbersTable, [['during', 0]])
  const busy = Symbol('busy')
  expect(await Promise.race([waiting, sleep(100, busy)])).toBe(busy)

  loader.kill('SIGKILL')
  await once(loader, 'exit')
  await waiting
  expect(await warehouse.query('SELECT writer FROM numbers ORDER BY writer')).toEqual([
    { writer: 'before' },
    { writer: 'during' },
  ])
  expect(await warehouse.loaded(numbersTable)).toBeNull()
  const load = await warehouse.load({
    table: numbersTable,
    batch: 'b1',
    source: { id: 'source', version: 1 },
    since: null,
    deletions: rowsOf(['before', 0]),
    rows: rowsOf(['after', 0]),
  })
  expect(load).toEqual({ loaded: true, rowsDeleted: 1, rowsUpserted: 1 })
})
