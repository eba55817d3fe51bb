import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { createInstallation, type Installation } from '../support/installation.ts'

let installation: Installation

beforeAll(async () => {
  installation = await createInstallation({ name: 'edit', temporalAddress: inject('temporalAddress') })
  await installation.up()
})

afterAll(() => installation?.remove())

function pipeline(message: string): string {
  return `name: talk
properties:
  activities:
    - { name: Pause, type: Wait, typeProperties: { waitTimeInSeconds: 6 } }
    - name: Say
      type: Fail
      dependsOn: [{ activity: Pause, dependencyConditions: [Succeeded] }]
      typeProperties: { message: ${message}, errorCode: "1" }
`
}

it('lets a paused run keep the definition that it started with, and the next run take the edited one', async () => {
  const factory = join(installation.home, 'factory')
  const file = join(factory, 'pipeline/talk.yaml')
  await mkdir(join(factory, 'pipeline'), { recursive: true })
  const run = (batch: string, ...more: string[]) =>
    installation.headrace('run', 'talk', '--factory', factory, '--batch', batch, ...more)

  await writeFile(file, pipeline('as it was'))
  expect(await run('first', '--detach')).toMatchObject({ code: 0 })
  expect(await installation.headrace('pause', 'talk/first')).toMatchObject({ code: 0 })
  await writeFile(file, pipeline('as it is now'))
  expect(await installation.headrace('resume', 'talk/first')).toMatchObject({ code: 0 })

  const message = async (batch: string): Promise<string> => {
    for (;;) {
      const { stdout } = await installation.headrace('status', `talk/${batch}`, '--json')
      const status = JSON.parse(stdout) as { status: string; message: string | null }
      if (status.status !== 'InProgress') return status.message ?? ''
    }
  }
  expect(await message('first')).toContain('as it was')
  expect(await run('second')).toMatchObject({ code: 1 })
  expect(await message('second')).toContain('as it is now')
})

it('starts nothing while a definition has an error, and says where it is', async () => {
  const factory = join(installation.home, 'broken')
  await mkdir(join(factory, 'pipeline'), { recursive: true })
  await writeFile(
    join(factory, 'pipeline/talk.yaml'),
    pipeline('x').replace('activity: Pause', 'activity: Pauze'),
  )
  const result = await installation.headrace('run', 'talk', '--factory', factory, '--batch', 'third')
  expect(result.code).toBe(2)
  expect(result.stderr).toContain('pipeline/talk.yaml:7')
  expect(result.stderr).toContain('Pauze')
  const { stdout } = await installation.headrace('runs', '--json')
  expect(stdout).not.toContain('talk/third')
})
