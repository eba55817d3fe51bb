import { readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { buildTable } from '../../tables/build/build-table.ts'
import { openDuckDb } from '../../tables/duckdb/open.ts'
import { contractOf } from '../tables/fixture.ts'
import { headrace, newHome } from './headrace.ts'

const home = newHome()
const folder = join(home, 'lake/gold/swept')
const orphan = join(folder, 'part-orphan.parquet')
const vacuum = (...args: string[]) => headrace(['vacuum', ...args], { HEADRACE_HOME: home })
const query = (...args: string[]) => headrace(['query', '--json', ...args], { HEADRACE_HOME: home })

/** Three versions of one row, so that two files are needed by old versions alone. */
beforeAll(async () => {
  const lake = new LocalLake({ root: join(home, 'lake') })
  const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb-test'), memoryLimit: '256MB' })
  for (const id of [1, 2, 3]) {
    await buildTable({
      lake,
      duckdb,
      contract: contractOf({
        name: 'gold.swept',
        columns: [{ name: 'id', type: 'bigint', nullable: false }],
        key: ['id'],
        materialization: { type: 'replace' },
      }),
      sql: 'SELECT $id AS id',
      batch: `b${id}`,
      parameters: { id },
      contractOf: async () => null,
    })
  }
  await duckdb.close()
})

/** What a writer that was killed eight days ago has left. */
beforeEach(async () => {
  const lake = new LocalLake({ root: join(home, 'lake') })
  await lake.create('gold/swept/part-orphan.parquet', 'nine bytes')
  const time = new Date(Date.now() - 8 * 24 * 3600 * 1000)
  await utimes(orphan, time, time)
})

afterAll(() => rm(home, { recursive: true, force: true }))

async function dataFiles(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.parquet'))
}

describe('headrace vacuum', () => {
  it('says what would go, and leaves it', async () => {
    expect(await vacuum('--dry-run')).toEqual({
      code: 0,
      stdout: 'table       files  size\ngold.swept      1  10 B\n1 file (10 B) would be deleted.\n',
      stderr: '',
    })
    expect(await dataFiles()).toHaveLength(4)
  })

  it('deletes what is older than seven days and keeps versions since readable', async () => {
    expect(await vacuum()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 file (10 B) deleted.'),
    })
    expect(await dataFiles()).toHaveLength(3)
    const old = await query('FROM gold.swept', '--at', 'gold.swept=0')
    expect(JSON.parse(old.stdout)).toEqual([{ id: 1 }])
    expect(await vacuum()).toMatchObject({ code: 0, stdout: '0 files (0 B) deleted.\n' })
  })

  it('keeps what a longer window needs', async () => {
    const { code, stdout } = await vacuum('gold.swept', '--older-than', '30d', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      dryRun: false,
      windowMs: 30 * 24 * 3600 * 1000,
      files: 0,
      bytes: 0,
      tables: [{ table: 'gold.swept', files: 0, bytes: 0 }],
    })
  })

  it.each([
    {
      args: ['--older-than', '1h'],
      code: 2,
      stderr:
        '--older-than is "1h"; below 7d it may take files from builds and readers that are under way: make sure that there are none, and add --force',
    },
    {
      args: ['--older-than', 'monday'],
      code: 2,
      stderr: '--older-than is "monday"; allowed: a length of time such as 7d or 36h',
    },
    { args: ['gold.swep'], code: 1, stderr: 'There is no table "gold.swep"; tables are: gold.swept' },
  ])('$args is refused, and nothing deleted', async ({ args, code, stderr }) => {
    expect(await vacuum(...args)).toEqual({ code, stdout: '', stderr: `${stderr}\n` })
    expect(await dataFiles()).toHaveLength(4)
  })

  it('takes old versions too when it is forced to, never the newest', async () => {
    expect(await vacuum('--older-than', '0h', '--force')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 files'),
    })
    expect(JSON.parse((await query('FROM gold.swept')).stdout)).toEqual([{ id: 3 }])
    expect(await query('FROM gold.swept', '--at', 'gold.swept=0')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('vacuum'),
    })
  })
})
