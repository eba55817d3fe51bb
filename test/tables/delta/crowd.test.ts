import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LocalLake } from '../../../lake/local/local-lake.ts'
import { tableFolder } from '../../../tables/contract.ts'
import { DeltaLog } from '../../../tables/delta/log.ts'
import { type Fixture, contractOf, openFixture, rowsOf } from '../fixture.ts'
import { pythonMissing, pythonTitle, readWithPython } from '../python-deltalake.ts'

const writers = 10
const commits = 1000

const table = contractOf({
  name: 'silver.crowded',
  columns: [
    { name: 'id', type: 'bigint', nullable: false },
    { name: 'kind', type: 'string', nullable: true },
  ],
})
const ids = Array.from({ length: commits }, (_, id) => id)

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
  const each = commits / writers
  const codes = await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const program = join(import.meta.dirname, 'append-writer.ts')
      const args = [program, fixture.root, JSON.stringify(table), `${writer * each}`, `${each}`]
      const [code] = await once(spawn(execPath, args, { stdio: 'inherit' }), 'exit')
      return Number(code)
    }),
  )
  expect(codes).toEqual(Array.from({ length: writers }, () => 0))
}, 300_000)
afterAll(async () => fixture[Symbol.asyncDispose]())

describe(`${writers} processes with ${commits} commits to one table`, () => {
  it('lose none and repeat none', async () => {
    const rows = await rowsOf(fixture, table, 'id')
    expect(rows.map((row) => Number(row['id']))).toEqual(ids)
  })

  it('give every commit a version of its own, without a gap, and a checkpoint every ten', async () => {
    const names = await readdir(join(fixture.root, tableFolder(table.name), '_delta_log'))
    const versions = names
      .filter((name) => /^\d{20}\.json$/.test(name))
      .map((name) => Number.parseInt(name, 10))
    // Some commits put small files together, beside those that add rows.
    expect(versions.length).toBeGreaterThanOrEqual(commits)
    expect(versions.toSorted((a, b) => a - b)).toEqual(versions.map((_, version) => version))
    const log = new DeltaLog(fixture.lake, fixture.duckdb, tableFolder(table.name))
    const operations = await Promise.all(
      versions.map(async (version) => (await log.commitInfo(version))?.operation),
    )
    expect(operations.filter((operation) => operation === 'WRITE')).toHaveLength(commits)
    const checkpoints = names.filter((name) => name.endsWith('.checkpoint.parquet'))
    expect(checkpoints).toHaveLength(Math.floor((versions.length - 1) / 10))
  })

  it('leave a table that a new process reads from its last checkpoint', async () => {
    const lake = new LocalLake({ root: fixture.root })
    const rows = await rowsOf({ ...fixture, lake }, table, 'id')
    expect(rows.map((row) => Number(row['id']))).toEqual(ids)
  })

  it.skipIf(pythonMissing !== null)(`is read by ${pythonTitle}`, () => {
    const { rows } = readWithPython(join(fixture.root, tableFolder(table.name)))
    expect(rows.map((row) => Number(row['id'])).toSorted((a, b) => a - b)).toEqual(ids)
  })
})
