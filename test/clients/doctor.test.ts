import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Check } from '../../clients/cli/doctor/check.ts'
import { checkNode } from '../../clients/cli/doctor/local-checks.ts'
import { judgeClock } from '../../clients/cli/doctor/temporal-checks.ts'
import { createInstallation, type Installation } from '../support/installation.ts'
import { headrace, newHome } from './headrace.ts'

const outcomes = (stdout: string) =>
  Object.fromEntries((JSON.parse(stdout) as Check[]).map((one) => [one.name, one.outcome]))

describe('headrace doctor', () => {
  let installation: Installation
  beforeAll(async () => {
    installation = await createInstallation({ name: 'doctor', temporalAddress: inject('temporalAddress') })
  })
  afterAll(async () => installation.remove())

  it('says what to do where no worker polls, and finds all well once one does, and again when it was killed', async () => {
    const { taskQueue } = installation.settings
    const before = await installation.headrace('doctor')
    expect(before.stdout).toContain(
      `fail  worker             none polls task queue ${taskQueue}: runs wait until one does; fix: headrace up, or headrace worker\n`,
    )
    expect(before.code).toBe(1)

    await installation.up()
    const well = await installation.headrace('doctor', '--json')
    const { disk, ...others } = outcomes(well.stdout)
    expect(others).toEqual({
      node: 'ok',
      lake: 'ok',
      warehouse: 'ok',
      temporal: 'ok',
      'search attributes': 'ok',
      worker: 'ok',
      clock: 'ok',
    })
    expect(disk).toMatch(/ok|warn/)
    expect(well.code).toBe(0)

    await installation.signal('worker', 'SIGKILL')
    expect(outcomes((await installation.headrace('doctor', '--json')).stdout)).toMatchObject({
      worker: 'fail',
      clock: 'ok',
    })
  })

  it('names a namespace that is not there', async () => {
    const { code, stdout } = await installation.headrace('doctor', '--namespace', 'nowhere')
    expect(stdout).toMatch(/^fail {2}worker .*nowhere.*; fix: correct HEADRACE_TEMPORAL_NAMESPACE/m)
    expect(code).toBe(1)
  })
})

it('looks at the rest when Temporal is not reachable, which has a code of its own', async () => {
  const home = newHome()
  writeFileSync(join(home, 'lake'), 'a file where the folder should be')
  writeFileSync(join(home, 'warehouse.db'), 'no database')
  const { code, stdout } = await headrace(['doctor'], {
    HEADRACE_HOME: home,
    HEADRACE_INBOX: join(home, 'not-mounted'),
  })
  expect(stdout).toMatch(/^fail {2}lake .*; fix: let this user write to /m)
  expect(stdout).toMatch(/^fail {2}inbox .*ENOENT.*; fix: mount it, /m)
  expect(stdout).toMatch(/^fail {2}warehouse .*warehouse\.db: .*; fix: /m)
  expect(stdout).toMatch(/^fail {2}temporal .*is not running for .*; fix: start it with: headrace up --home/m)
  expect(code).toBe(3)
})

it.each([
  { server: 1_000, before: 990, after: 1_010, outcome: 'ok', message: "agrees with Temporal's" },
  { server: 2_000, before: 990, after: 1_010, outcome: 'ok', message: "agrees with Temporal's" },
  { server: 6_010, before: 990, after: 1_010, outcome: 'warn', message: "5.0 s behind Temporal's" },
  { server: 0, before: 120_000, after: 120_010, outcome: 'fail', message: "2 min 00 s ahead of Temporal's" },
])('a clock $message is $outcome', ({ server, before, after, outcome, message }) => {
  expect(judgeClock(server, before, after)).toMatchObject({ outcome, message })
})

it('refuses a Node that does not run TypeScript', () => {
  expect(checkNode('22.4.0')).toMatchObject({ outcome: 'fail', fix: 'install Node 24' })
  expect(checkNode('24.0.1')).toMatchObject({ outcome: 'ok' })
})
