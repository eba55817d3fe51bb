import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { headrace } from '../clients/headrace.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-check-'))
  await mkdir(join(folder, 'pipeline'))
  const wait = '{ name: w, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }'
  await writeFile(join(folder, 'pipeline/good.yaml'), `properties: { activities: [${wait}] }\n`)
  await writeFile(
    join(folder, 'pipeline/many.yaml'),
    `properties:\n  concurrency: 3\n  activities: [${wait}]\n`,
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('one line a pipeline, reasons below, and an exit code by --fail-on', async () => {
  const { code, stdout } = await headrace(['check', folder])
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    'Ready         pipeline good  1 activity',
    'Needs review  pipeline many  1 activity',
    '  review       pipeline/many.yaml:2 concurrency 3 is not kept: no run waits for another one [concurrency]',
  ])
  expect(stdout).toContain(': 2 pipelines: 1 ready, 1 to be reviewed, 0 unsupported\n')
  expect(code).toBe(0)
  expect((await headrace(['check', folder, '--fail-on', 'review'])).code).toBe(1)
  expect(await headrace(['check', folder, '--fail-on', 'sometimes'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('allowed: never, unsupported, review'),
  })
})

test('--json gives programs the findings', async () => {
  const { stdout } = await headrace(['check', folder, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    root: folder,
    pipelines: [
      { name: 'good', grade: 'Ready', activities: 1, findings: [] },
      { name: 'many', grade: 'Needs review', findings: [{ id: 'concurrency', level: 'review', line: 2 }] },
    ],
  })
})

test('headrace export adf writes JSON into a new folder only', async () => {
  const out = join(folder, 'out')
  const { code, stdout } = await headrace(['export', 'adf', folder, '--out', out])
  expect(stdout).toBe(`${out}: 2 files, 0 remarks\n`)
  expect(code).toBe(0)
  expect(await readdir(join(out, 'pipeline'))).toEqual(['good.json', 'many.json'])
  expect(await headrace(['export', 'adf', folder, '--out', out])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is not empty; give a new folder'),
  })
})
