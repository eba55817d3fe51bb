import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { EndedRun } from '../../clients/cli/follow.ts'
import { createInstallation, type Installation } from '../support/installation.ts'

const factory = mkdtempSync(join(tmpdir(), 'headrace-factory-'))
const unique = Date.now().toString(36)

const files: Record<string, string> = {
  'pipeline/first.yaml': `
name: first_${unique}
properties:
  parameters:
    batch: { type: String }
    seconds: { type: Int, defaultValue: 0 }
    list: { type: Array, defaultValue: [1] }
  runDimensions: { batch: "@pipeline().parameters.batch" }
  activities:
    - name: Rest
      type: Wait
      typeProperties: { waitTimeInSeconds: "@pipeline().parameters.seconds" }
    - name: Rest again
      type: Wait
      dependsOn: [{ activity: Rest, dependencyConditions: [Succeeded] }]
      typeProperties: { waitTimeInSeconds: 1 }
`,
  'pipeline/second.yaml': `
name: second_${unique}
properties:
  parameters: { batch: { type: String } }
  activities:
    - name: Give up
      type: Fail
      typeProperties: { message: "No luck with @{pipeline().parameters.batch}", errorCode: "500" }
`,
  'pipeline/broken.yaml': `
name: broken_${unique}
properties:
  activities:
    - name: Rest
      type: Wait
      dependsOn: [{ activity: Sleep, dependencyConditions: [Succeeded] }]
      typeProperties: { waitTimeInSeconds: 1 }
`,
  'trigger/after_first.yaml': `
name: after_first
properties:
  type: ChainingTrigger
  runtimeState: Started
  pipeline:
    pipelineReference: { referenceName: second_${unique}, type: PipelineReference }
    parameters: { batch: "@trigger().runDimensions.batch" }
  typeProperties:
    dependsOn: [{ referenceName: first_${unique}, type: PipelineReference }]
    runDimension: batch
`,
}
const [first, second, broken] = [`first_${unique}`, `second_${unique}`, `broken_${unique}`]

let installation: Installation
const run = (...args: string[]) => installation.headrace('run', ...args, '--factory', factory)

beforeAll(async () => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(factory, path)), { recursive: true })
    writeFileSync(join(factory, path), text)
  }
  installation = await createInstallation({ name: 'cli-runs', temporalAddress: inject('temporalAddress') })
  await installation.up()
})

afterAll(async () => installation.remove())

describe('headrace run', () => {
  it('follows a run to its end, in plain lines where nobody watches', async () => {
    const { code, stdout, stderr } = await run(first, '--batch', 'b1', '--no-chain')
    expect(stdout).toMatch(new RegExp(`^${first}/b1 {2}Succeeded {2}[0-9.]+ s\\n$`))
    expect(stderr).toContain(`${first}/b1  started`)
    expect(stderr).toMatch(new RegExp(`^${first}/b1 {2}Rest again {2}Succeeded {2}`, 'm'))
    expect(code).toBe(0)
  })

  it('follows chained runs too, and one that fails gives the exit code', async () => {
    const { code, stdout } = await run(first, '--batch', 'b2', '--json')
    const ended = JSON.parse(stdout) as EndedRun[]
    expect(ended.map((one) => [one.workflowId, one.status, one.message])).toEqual([
      [`${first}/b2`, 'Succeeded', null],
      [`${second}/b2`, 'Failed', 'Operation on target Give up failed: No luck with b2'],
    ])
    expect(code).toBe(1)
  })

  it('starts nothing when a definition has an error, and says where it is', async () => {
    const { code, stdout, stderr } = await run(broken, '--batch', 'b3')
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('1 error in')
    expect(stderr).toMatch(
      /^pipeline\/broken\.yaml:7 activities\["Rest"\]\.dependsOn\[0\]\.activity "Sleep"/m,
    )
    expect(await countRuns(broken)).toBe(0)
  })

  it.each([
    {
      args: [() => 'nothing'],
      message: /has no pipeline "nothing"; pipelines are: broken_\w+, first_\w+, second_\w+/,
    },
    {
      args: [() => first, '--param', 'speed=1'],
      message: /has no parameter "speed"; parameters are: batch \(String\)/,
    },
    {
      args: [() => first, '--param', 'seconds=soon'],
      message: /--param seconds is "soon"; allowed: a whole number/,
    },
    {
      args: [() => first, '--param', 'list=1'],
      message: /--param list is "1"; allowed: a JSON array, such as \[1,2\]/,
    },
    { args: [() => first, '--param', 'seconds'], message: /--param is "seconds"; allowed: name=value/ },
    { args: [() => first, '--batch', '../up'], message: /--batch is "..\/up"; allowed: letters, digits/ },
  ])('refuses $message', async ({ args, message }) => {
    const { code, stderr } = await run(...args.map((arg) => (typeof arg === 'string' ? arg : arg())))
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })
})

describe('a run under way', () => {
  it('is seen, is not started twice, is paused, resumed and cancelled', async () => {
    const id = `${first}/b4`
    const started = await run(first, '--batch', 'b4', '--param', 'seconds=600', '--detach')
    expect(started).toMatchObject({ code: 0, stdout: `${id}\n` })

    const twice = await run(first, '--batch', 'b4')
    expect(twice).toMatchObject({ code: 1 })
    expect(twice.stderr).toContain(
      `${id} runs already; see it with: headrace status ${id}, or give another --batch`,
    )

    expect((await installation.headrace('pause', id)).code).toBe(0)
    expect((await installation.headrace('status', id)).stdout).toMatch(
      new RegExp(`^${id} {2}Paused {2}0 of 2 activities`),
    )
    expect((await installation.headrace('resume', id)).code).toBe(0)
    const status = await installation.headrace('status', id, '--json')
    expect(JSON.parse(status.stdout)).toMatchObject({
      workflowId: id,
      status: 'InProgress',
      paused: false,
      batch: 'b4',
    })

    expect((await installation.headrace('cancel', id)).code).toBe(0)
    const connection = await Connection.connect({ address: inject('temporalAddress') })
    await expect(new Client({ connection }).workflow.getHandle(id).result()).rejects.toThrow()
    await connection.close()
    const after = await installation.headrace('cancel', id)
    expect(after).toMatchObject({
      code: 1,
      stderr: `${id} has ended already (Cancelled); there is nothing to cancel\n`,
    })
  })

  it('that nobody knows is an error that says how to list runs', async () => {
    expect(await installation.headrace('status', 'no/such')).toMatchObject({
      code: 1,
      stderr: 'There is no run "no/such"; list runs with: headrace runs\n',
    })
  })

  it('is listed with its batch and outcome', async () => {
    await expect
      .poll(
        async () => JSON.parse((await installation.headrace('runs', '--pipeline', second, '--json')).stdout),
        {
          timeout: 20_000,
        },
      )
      .toEqual([
        expect.objectContaining({
          pipeline: second,
          batch: 'b2',
          status: 'Failed',
          trigger: 'ChainingTrigger',
        }),
      ])
  })
})

describe('without a worker', () => {
  it('runs and status show what the warehouse has recorded', async () => {
    await installation.signal('worker', 'SIGKILL')
    const listed = await installation.headrace('runs', '--recorded', '--batch', 'b2', '--json')
    expect(JSON.parse(listed.stdout)).toEqual([
      expect.objectContaining({ workflowId: `${second}/b2`, status: 'Failed' }),
      expect.objectContaining({ workflowId: `${first}/b2`, status: 'Succeeded' }),
    ])
    const { code, stdout, stderr } = await installation.headrace('status', `${first}/b1`)
    expect(stdout).toMatch(new RegExp(`^${first}/b1 {2}Succeeded {2}2 of 2 activities`))
    expect(stderr).toContain('No worker answers; this is what the warehouse has recorded')
    expect(code).toBe(0)
  })
})

describe('headrace validate', () => {
  it('prints every finding and ends with the code for usage', async () => {
    const { code, stdout } = await installation.headrace('validate', factory)
    expect(stdout).toMatch(/^error {4}pipeline\/broken\.yaml:7 /m)
    expect(stdout).toContain('3 pipelines, 1 error, 0 warnings')
    expect(code).toBe(2)
  })

  it('finds nothing in the factory that comes with Headrace', async () => {
    const { code, stdout } = await installation.headrace('validate', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ issues: [] })
    expect(code).toBe(0)
  })
})

async function countRuns(pipeline: string): Promise<number> {
  const connection = await Connection.connect({ address: inject('temporalAddress') })
  const { count } = await new Client({ connection }).workflow.count(`WorkflowType = '${pipeline}'`)
  await connection.close()
  return count
}
