import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { headrace } from '../clients/headrace.ts'

const pipeline = `name: copy
properties:
  activities:
    - name: Look
      type: GetMetadata
      typeProperties: { dataset: { referenceName: file, type: DatasetReference }, fieldList: [exists] }
    - name: There
      type: IfCondition
      dependsOn: [{ activity: Look, dependencyConditions: [Succeeded] }]
      typeProperties:
        expression: "@activity('Look').output.exists"
        ifFalseActivities:
          - { name: Missing, type: Fail, typeProperties: { message: not there, errorCode: "404" } }
`
const good = `pipeline: copy
tests:
  - name: there
    stubs: { Look: { output: { exists: true } } }
    expect: { status: Succeeded, runs: [Look, There] }
`
const bad = `pipeline: copy
tests:
  - name: not there <yet>
    stubs: { Look: { output: { exists: false } } }
    expect:
      status: Failed
      runs: [Look, Missing, There]
      activities: { Missing: { error: { errorCode: 405 } } }
`

let folder: string
let home: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-test-command-'))
  home = await mkdtemp(join(tmpdir(), 'headrace-home-'))
  const files: Record<string, string> = {
    'pipeline/copy.yaml': pipeline,
    'dataset/file.yaml':
      'properties: { type: Binary, linkedServiceName: { referenceName: lake, type: LinkedServiceReference }, typeProperties: { location: { type: FileServerLocation, folderPath: inbox } } }\n',
    'linkedService/lake.yaml': 'properties: { type: FileServer, typeProperties: { host: lake } }\n',
    'test/good.yaml': good,
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), text)
  }
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await rm(home, { recursive: true, force: true })
})

const run = (...args: string[]) =>
  headrace(['test', ...args], { HEADRACE_HOME: home, HEADRACE_FACTORY: folder })

async function withFile<T>(name: string, text: string, work: () => Promise<T>): Promise<T> {
  await writeFile(join(folder, 'test', name), text)
  try {
    return await work()
  } finally {
    await rm(join(folder, 'test', name))
  }
}

const timeless = (text: string) => text.replaceAll(/\d+ ms/g, '0 ms')

test('tests that pass: a line each, coverage, exit code 0, no colours in a pipe', async () => {
  const { code, stdout, stderr } = await run()
  expect(timeless(stdout)).toBe(
    [
      'test/good.yaml',
      '  ✓ there 0 ms',
      '',
      'copy  activities 66 % (2/3)  branches 50 % (2/4)',
      '',
      '1 test passed in 0 ms',
      '',
    ].join('\n'),
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('a test that fails shows expected and actual at the line of the expectation, exit code 1', async () => {
  const { code, stdout } = await withFile('bad.yaml', bad, () => run('not there'))
  expect(timeless(stdout)).toContain(
    [
      'test/bad.yaml',
      '  ✗ not there <yet> 0 ms',
      '      test/bad.yaml:7 tests["not there <yet>"].expect.runs',
      '        - expected  + actual',
      '          Look',
      '        - Missing',
      '          There',
      '        + Missing',
      '      test/bad.yaml:8 tests["not there <yet>"].expect.activities.Missing.error.errorCode',
      '        expected  405',
      '        actual    "404"',
    ].join('\n'),
  )
  expect(timeless(stdout)).toContain('1 of 1 test failed in 0 ms, 1 left out')
  expect(code).toBe(1)
})

test('a wrong file of tests ends with 2 before anything runs', async () => {
  const text = `${good}  - { name: other, expect: { status: Succeeded, runs: [Loook] } }\n`
  const { code, stdout, stderr } = await withFile('wrong.yaml', text, () => run())
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toBe(
    'test/wrong.yaml:6 tests["other"].expect.runs[0] "Loook" is not an activity here; did you mean "Look"? activities are: Look, There, Missing\n',
  )
})

test('an activity without a stub fails its test with the line that mends it', async () => {
  const text = 'pipeline: copy\ntests:\n  - { name: bare, expect: { status: Succeeded } }\n'
  const { code, stdout } = await withFile('bare.yaml', text, () => run('bare'))
  expect(stdout).toContain(
    'test/bare.yaml:3 tests["bare"] Look (GetMetadata) ran and has no stub; say under stubs',
  )
  expect(code).toBe(1)
})

test('--coverage-threshold is a limit, and what is missing is named', async () => {
  const low = await run('--coverage-threshold', '60')
  expect(low.code).toBe(1)
  expect(low.stdout).toContain(
    '  not run: Missing\n  not taken: There after Look: otherwise\n  not taken: There: false\n',
  )
  expect(low.stderr).toBe('The tests of copy cover less than 60 %\n')
  expect((await run('--coverage-threshold', '50')).code).toBe(0)
  expect(await run('--coverage-threshold', 'all')).toMatchObject({
    code: 2,
    stderr: '--coverage-threshold is "all"; allowed: a number from 0 to 100\n',
  })
})

test('--json and --junit give programs the results', async () => {
  const junit = join(folder, 'junit.xml')
  const { code, stdout } = await withFile('bad.yaml', bad, () => run('--json', '--junit', junit))
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    tests: [
      {
        file: 'test/bad.yaml',
        line: 3,
        name: 'not there <yet>',
        passed: false,
        differences: [
          { line: 7 },
          { line: 8, place: expect.stringContaining('errorCode'), expected: 405, actual: '404' },
        ],
        run: {
          status: 'Failed',
          ran: [{ label: 'Look' }, { label: 'There' }, { label: 'Missing', status: 'Failed' }],
        },
      },
      { file: 'test/good.yaml', passed: true, run: { status: 'Succeeded' } },
    ],
    coverage: [{ pipeline: 'copy', activities: { all: 3, covered: 3, missing: [] } }],
  })
  const xml = await readFile(junit, 'utf8')
  await rm(junit)
  expect(xml).toContain('<testsuites tests="2" failures="1"')
  expect(xml).toContain('<testcase classname="copy" name="not there &lt;yet&gt;"')
  expect(xml).toContain(
    '<failure message="test/bad.yaml:7 tests[&quot;not there &lt;yet&gt;&quot;].expect.runs">',
  )
  expect(xml).toMatch(/<testcase classname="copy" name="there" time="[\d.]+"\/>/)
})

test('no tests, or none of that name, is a wrong command line', async () => {
  expect(await run('nowhere')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^None of the 1 tests of .* has "nowhere" in its name, pipeline or file\n$/,
    ),
  })
})

test('--watch runs again after a change and ends in order', { timeout: 30_000 }, async () => {
  const entry = join(import.meta.dirname, '../../clients/cli/headrace.ts')
  const child = spawn(process.execPath, [entry, 'test', '--watch', '--factory', folder, '--home', home])
  let text = ''
  const shown = async (wanted: string, count: number): Promise<void> => {
    while (text.split(wanted).length <= count) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  await shown('Waiting for changes', 1)
  await writeFile(join(folder, 'test/bad.yaml'), bad)
  await shown('Waiting for changes', 2)
  expect(text).toContain('1 of 2 tests failed')
  await rm(join(folder, 'test/bad.yaml'))
  await shown('1 test passed', 2)
  child.kill('SIGINT')
  expect(await closed).toBe(0)
})
