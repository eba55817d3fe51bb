import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createInstallation, type Installation } from '../support/installation.ts'

const factory = mkdtempSync(join(tmpdir(), 'headrace-explain-factory-'))
const name = `explained_${Date.now().toString(36)}`

const files: Record<string, string> = {
  'factory.yaml': `
name: explained
globalParameters: { region: { type: string, value: eu } }
`,
  'pipeline/explained.yaml': `
name: ${name}
properties:
  parameters:
    prefix: { type: String, defaultValue: p }
    key: { type: SecureString, defaultValue: hush }
  variables:
    text: { type: String, defaultValue: unset }
    old: { type: String, defaultValue: before }
    seen: { type: Array, defaultValue: [] }
  activities:
    - name: Numbers
      type: Filter
      typeProperties: { items: "@range(1, 6)", condition: "@equals(mod(item(), 2), 0)" }
    - name: Set text
      type: SetVariable
      dependsOn: [{ activity: Numbers, dependencyConditions: [Succeeded] }]
      typeProperties: { variableName: text, value: "@concat(pipeline().parameters.prefix, '-', variables('old'))" }
    - name: Set again
      type: SetVariable
      dependsOn: [{ activity: Set text, dependencyConditions: [Succeeded] }]
      typeProperties: { variableName: text, value: "@{guid()}" }
    - name: Secret
      type: SetVariable
      policy: { secureInput: true, secureOutput: true }
      dependsOn: [{ activity: Set again, dependencyConditions: [Succeeded] }]
      typeProperties: { variableName: text, value: "@pipeline().parameters.key" }
    - name: Each
      type: ForEach
      dependsOn: [{ activity: Numbers, dependencyConditions: [Succeeded] }]
      typeProperties:
        isSequential: true
        items: "@activity('Numbers').output.Value"
        activities:
          - name: Keep
            type: AppendVariable
            typeProperties: { variableName: seen, value: "@mul(item(), 10)" }
          - name: Compare
            type: IfCondition
            dependsOn: [{ activity: Keep, dependencyConditions: [Succeeded] }]
            typeProperties:
              expression: "@greater(length(variables('seen')), 2)"
              ifTrueActivities:
                - name: Rest
                  type: Wait
                  typeProperties: { waitTimeInSeconds: "@sub(item(), 6)" }
    - name: Never
      type: Wait
      dependsOn: [{ activity: Numbers, dependencyConditions: [Failed] }]
      typeProperties: { waitTimeInSeconds: 1 }
    - name: Hold
      type: Wait
      dependsOn: [{ activity: Each, dependencyConditions: [Succeeded] }]
      typeProperties: { waitTimeInSeconds: "@if(equals(pipeline().parameters.prefix, 'slow'), 600, 0)" }
`,
}

const of = (batch: string) => `${name}/${batch}`
let installation: Installation
const explain = (...args: string[]) => installation.headrace('explain', ...args)

beforeAll(async () => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(factory, path)), { recursive: true })
    writeFileSync(join(factory, path), text)
  }
  installation = await createInstallation({ name: 'explain-run', temporalAddress: inject('temporalAddress') })
  await installation.up()
})

afterAll(async () => installation.remove())

describe('headrace explain --run', () => {
  beforeAll(async () => {
    const { code, stderr } = await installation.headrace('run', name, '--batch', 'b1', '--factory', factory)
    expect(code, stderr).toBe(0)
  })

  it.each([
    {
      title: 'parameters, global parameters, outputs and system variables, at the end of the run',
      args: [
        `@concat(pipeline().parameters.prefix, pipeline().globalParameters.region, string(activity('Numbers').output.Value), pipeline().Pipeline)`,
      ],
      stdout: `"peu[2,4,6]${name}"  String`,
    },
    {
      title: 'variables as they were when an activity began',
      args: [`@variables('text')`, '--activity', 'Set text'],
      stdout: '"unset"  String',
    },
    {
      title: 'a variable that activities of the same millisecond set one after the other',
      args: [`@variables('text')`, '--activity', 'Set again'],
      stdout: '"p-before"  String',
    },
    {
      title: 'the item of an iteration and what was appended until then',
      args: [`@concat(string(item()), string(variables('seen')))`, '--activity', 'Compare[1]'],
      stdout: '"4[20,40]"  String',
    },
    {
      title: 'what another branch cannot see yet',
      args: [`@activity('Each')?.Status`, '--activity', 'Set text'],
      stderr: "activity 'Each' has not run",
    },
    {
      title: 'where a skipped activity is read',
      args: [`@activity('Never').output`],
      stderr: "activity 'Never' has not run (or was skipped",
    },
  ])('sees $title', async ({ args, stdout = '', stderr = '' }) => {
    const result = await explain(...args, '--run', of('b1'))
    expect(result.stdout.split('\n')[0] ?? '').toContain(stdout)
    expect(result.stderr).toContain(stderr)
    expect(result.code).toBe(stderr === '' ? 0 : 1)
  })

  it.each([
    {
      title: 'a run that is not there',
      args: ['@1', '--run', 'no/run'],
      code: 1,
      stderr: 'There is no run "no/run"; list runs with: headrace runs',
    },
    {
      title: 'an activity that the pipeline has not',
      args: ['@1', '--run', of('b1'), '--activity', 'Nobody'],
      code: 1,
      stderr: 'The pipeline has no activity "Nobody"; its activities are: Numbers, Set text, Set again',
    },
    {
      title: 'an activity that did not run',
      args: ['@1', '--run', of('b1'), '--activity', 'Rest[0]'],
      code: 1,
      stderr: 'did not run in iteration 0; it ran in: 2',
    },
    {
      title: 'an iteration left out',
      args: ['@1', '--run', of('b1'), '--activity', 'Keep'],
      code: 1,
      stderr: "ran in 3 iterations; say which: --activity 'Keep[0]', --activity 'Keep[1]'",
    },
    {
      title: 'an output that is secret',
      args: [`@activity('Secret').output.value`, '--run', of('b1')],
      code: 1,
      stderr: "the output of 'Secret' is not recorded, its policy says secureOutput: give it with --scope",
    },
    {
      title: 'a variable that is secret',
      args: [`@variables('text')`, '--run', of('b1')],
      code: 1,
      stderr: "the value that 'Secret' gave to 'text' is not recorded, its policy says secureInput",
    },
    {
      title: 'a parameter that is secret',
      args: ['@toUpper(pipeline().parameters.key)', '--run', of('b1')],
      code: 1,
      stderr: "the parameter 'key' is a SecureString, which is not shown: give it with --scope",
    },
    {
      title: '--activity without a run',
      args: ['@1', '--activity', 'Keep'],
      code: 2,
      stderr: '--activity needs --run',
    },
    {
      title: 'nothing to explain',
      args: ['--run', of('b1')],
      code: 2,
      stderr: 'needs an <expression>, --activity (all its expressions) or --trace',
    },
  ])('says how to go on with $title', async ({ args, code, stderr }) => {
    const result = await explain(...args)
    expect(result.stderr).toContain(stderr)
    expect(result.stdout).not.toContain('hush')
    expect(result.code).toBe(code)
  })

  it('takes what is not known from --scope', async () => {
    const scope = join(installation.home, 'scope.json')
    writeFileSync(scope, JSON.stringify({ parameters: { key: 'given' } }))
    const expression = '@concat(pipeline().parameters.prefix, pipeline().parameters.key)'
    const { stdout } = await explain(expression, '--run', of('b1'), '--scope', scope)
    expect(stdout).toContain('"pgiven"')
  })

  it('shows every expression of an activity', async () => {
    const { stdout, code } = await explain('--run', of('b1'), '--activity', 'Set text')
    expect(code).toBe(0)
    expect(stdout).toBe(`Set text  Succeeded
  value = "p-before"  String
    concat(pipeline().parameters.prefix, '-', variables('old'… = "p-before"  String
    ├ pipeline().parameters.prefix = "p"  String
    └ variables('old') = "before"  String
`)
  })

  it('shows every expression of a run, and what came out in the run where that cannot be known again', async () => {
    const { stdout, code } = await explain('--run', of('b1'), '--trace')
    expect(code).toBe(0)
    expect(stdout).not.toContain('hush')
    expect(stdout).toContain(
      'Secret  Succeeded\n  (its policy says secureInput: what it evaluated is not shown)\n',
    )
    expect(stdout).toMatch(/^Set again {2}Succeeded\n {2}value = "0{8}-[^]*?\n {4}in the run: "[0-9a-f]{8}-/m)
    expect(stdout).toContain('Never  Skipped\n  (evaluated nothing)\n')
    expect(stdout.match(/^ {4}in the run: /gm)).toHaveLength(1)
    expect(stdout.match(/✗/g)).toBeNull()
    expect(stdout).toContain('Compare[2]  Succeeded\n  expression = true  Boolean')
    expect(stdout).toContain('Rest[2]  Succeeded\n  waitTimeInSeconds = 0  Integer')
  })
})

describe('headrace run --trace', () => {
  it('writes each expression of the run as a line', async () => {
    const { stderr, code } = await installation.headrace('run', name, '--trace', '--factory', factory)
    expect(code).toBe(0)
    const path = /^Trace: (.*)$/m.exec(stderr)?.[1] ?? ''
    expect(existsSync(path), stderr).toBe(true)
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(lines).toContainEqual(
      expect.objectContaining({
        activity: 'Keep',
        iterationPath: '1',
        path: 'value',
        expression: '@mul(item(), 10)',
        value: 40,
      }),
    )
    expect(lines).toHaveLength(3 + 1 + 3 + 3 + 1 + 1 + 1)
  })
})

describe('a run under way', () => {
  it('is seen as it stands', async () => {
    const args = ['run', name, '--batch', 'b3', '--param', 'prefix=slow', '--detach', '--factory', factory]
    expect((await installation.headrace(...args)).code).toBe(0)
    const ask = () => explain(`@string(variables('seen'))`, '--run', of('b3'))
    await expect.poll(async () => (await ask()).stdout, { timeout: 20_000 }).toContain('"[20,40,60]"  String')
    expect((await installation.headrace('cancel', of('b3'))).code).toBe(0)
  })
})
