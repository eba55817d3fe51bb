import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ownSpillFolder } from '../../workers/spill-folder.ts'

it('removes the spill files of workers that were killed, and leaves those of living ones and of other machines', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'headrace-spill-'))
  const dead = spawnSync(process.execPath, ['--eval', '']).pid
  const folders = [`${hostname()}-${dead}`, `${hostname()}-${process.ppid}`, `elsewhere-${dead}`]
  for (const folder of folders) {
    mkdirSync(join(parent, folder))
    writeFileSync(join(parent, folder, 'duckdb_temp_storage.tmp'), 'gigabytes')
  }
  const own = await ownSpillFolder(parent)
  expect(existsSync(own)).toBe(true)
  expect(folders.map((folder) => existsSync(join(parent, folder)))).toEqual([false, true, true])
})
