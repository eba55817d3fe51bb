import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkRooms } from './check-rooms.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headrace-rooms-'))
})

afterEach(() => rm(root, { recursive: true, force: true }))

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

describe('the room check', () => {
  it('finds nothing in this repository', () => {
    expect(checkRooms(join(import.meta.dirname, '../..'))).toEqual([])
  })

  it.each([
    [
      'lake/a.ts',
      `import { b } from '../tables/b.ts'\n`,
      'lake/a.ts:1 imports tables/; lake/ may import no other room',
    ],
    [
      'workflows/a.ts',
      `import { b } from '../activities/b.ts'\n`,
      'workflows/a.ts:1 imports activities/; workflows/ may import engine, adf, activities (types)',
    ],
    [
      'engine/a.ts',
      `import { join } from 'node:path'\n`,
      'engine/a.ts:1 imports node:path; engine/ is loaded by the workflow sandbox: no node built-ins',
    ],
    [
      'engine/a.ts',
      `export const now = () => Date.now()\n`,
      'engine/a.ts uses a clock or random; engine/ is pure',
    ],
    ['clients/a.ts', `import sql from 'mssql'\n`, 'clients/a.ts:1 imports mssql; that belongs to warehouse/'],
    [
      'tables/a.ts',
      `export const home = process.env.HOME\n`,
      'tables/a.ts reads process.env; only config/ may',
    ],
    [
      'lake/utils.ts',
      `export const a = 1\n`,
      'lake/utils.ts says nothing by its name: name it after its concept',
    ],
    ['lake/long.ts', '\n'.repeat(401), 'lake/long.ts has 401 lines; 400 is the cap: split it by concept'],
    [
      'test/long.test.ts',
      '\n'.repeat(501),
      'test/long.test.ts has 501 lines; 500 is the cap: split it by concept',
    ],
    [
      'adf/a.ts',
      `import {\n  one,\n  two,\n} from '../config/c.ts'\n`,
      'adf/a.ts:1 imports config/; adf/ may import no other room',
    ],
    [
      'lake/a.ts',
      `const x = await import('../notify/n.ts')\n`,
      'lake/a.ts:1 imports notify/; lake/ may import no other room',
    ],
  ])('refuses %s: %j', async (path, text, finding) => {
    await put(path, text)
    expect(checkRooms(root)).toEqual([finding])
  })

  it('lets workflows see activities as types', async () => {
    await put('workflows/a.ts', `import type { Activities } from '../activities/index.ts'\n`)
    expect(checkRooms(root)).toEqual([])
  })
})
