import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { headrace } from './headrace.ts'

const scopeFile = join(mkdtempSync(join(tmpdir(), 'headrace-explain-')), 'scope.json')
writeFileSync(
  scopeFile,
  JSON.stringify({
    parameters: { a: 'x' },
    activities: { 'Look up': { status: 'Succeeded', output: { rows: [{ id: 7 }] } } },
  }),
)
const explain = (...args: string[]) => headrace(['explain', ...args])

describe('headrace explain', () => {
  it.each([
    {
      title: 'every call with its value, also the branch that was not taken',
      expression: `@concat(pipeline().parameters.a, if(true, toUpper('b'), string(1)))`,
      stdout: `"xB"  String
  concat(pipeline().parameters.a, if(true, toUpper('b'), str… = "xB"  String
  ├ pipeline().parameters.a = "x"  String
  └ if(true, toUpper('b'), string(1)) = "B"  String
    ├ toUpper('b') = "B"  String
    └ string(1)  (not evaluated)
`,
    },
    {
      title: 'each expression of a text, without the whole scope behind a reference',
      expression: `id @{activity('Look up').output.rows[sub(1, 1)].id}, @{1.0}`,
      stdout: `"id 7, 1"  String
  activity('Look up').output.rows[sub(1, 1)].id = 7  Integer
  └ sub(1, 1) = 0  Integer
`,
    },
  ])('prints $title', async ({ expression, stdout }) => {
    expect(await explain(expression, '--scope', scopeFile)).toEqual({ code: 0, stdout, stderr: '' })
  })

  it('shows where it went wrong, and what stood before that place', async () => {
    expect(await explain(`@toUpper(activity('Look up').output.rows[0].no)`, '--scope', scopeFile)).toEqual({
      code: 1,
      stdout: `  toUpper(activity('Look up').output.rows[0].no)  ✗ fails inside
  └ activity('Look up').output.rows[0].no  ✗ there is no property 'no'; available are: id
    └ activity('Look up').output.rows[0] = {"id":7}  Object
`,
      stderr: `there is no property 'no'; available are: id
  @toUpper(activity('Look up').output.rows[0].no)
                                              ^
`,
    })
  })

  it('prints the same for programs', async () => {
    const { stdout } = await explain(`@add(1, mul(2, 3))`, '--json')
    expect(JSON.parse(stdout)).toEqual({
      expression: '@add(1, mul(2, 3))',
      value: 7,
      type: 'Integer',
      steps: [
        {
          code: 'add(1, mul(2, 3))',
          position: 1,
          value: 7,
          type: 'Integer',
          steps: [{ code: 'mul(2, 3)', position: 8, value: 6, type: 'Integer', steps: [] }],
        },
      ],
    })
  })

  it.each([
    {
      args: ['@pipeline().RunId'],
      code: 1,
      stderr: /not available here[^]*Say what the expression sees with: --scope file\.json/,
    },
    { args: ['@add(1'], code: 1, stderr: /expected ',' or '\)'; the expression ends\n {2}@add\(1\n {8}\^/ },
    { args: ['abc'], code: 0, stderr: /This is plain text/ },
    { args: [], code: 2, stderr: /needs <expression>, or --stdin/ },
    { args: ['@1', '--stdin'], code: 2, stderr: /--stdin takes expressions and scopes from its lines/ },
    { args: ['@1', '--scope', '/no/such.json'], code: 2, stderr: /--scope \/no\/such\.json: ENOENT/ },
  ])('ends $args with $code', async ({ args, code, stderr }) => {
    const result = await explain(...args)
    expect(result.stderr).toMatch(stderr)
    expect(result.code).toBe(code)
  })
})

const cases = [
  ['{"expression":"@item()","scope":{"item":9007199254740993}}', '{"value":9007199254740993}'],
  ['{"expression":"@string(createArray(item()))","scope":{"item":3.0}}', '{"value":"[3.0]"}'],
  ['{"expression":"plain"}', '{"value":"plain"}'],
  ['{"expression":"@pipeline().RunId","scope":{"system":{"RunId":"r1"}}}', '{"value":"r1"}'],
  [
    `{"expression":"@activity('A').Status","scope":{"activities":{"A":{"status":"Failed"}}}}`,
    '{"value":"Failed"}',
  ],
  ['{"expression":"@variables(\'v\')","scope":{"variables":{"v":[1]}}}', '{"value":[1]}'],
  [
    '{"expression":"@div(1, 0)"}',
    { code: 'Evaluation', message: expect.stringMatching(/^div\(\)[^]*\^$/), position: 1 },
  ],
  [
    '{"expression":"@add(1"}',
    { code: 'Syntax', message: expect.stringContaining("expected ',' or ')'"), position: 6 },
  ],
  ['no json', { code: 'Line', message: expect.stringMatching(/^the line is not JSON: /), position: null }],
  ['[1]', { code: 'Line', message: expect.stringMatching(/^the line is no object/), position: null }],
  [
    '{"scope":{}}',
    { code: 'Line', message: expect.stringMatching(/^the line has no "expression"/), position: null },
  ],
  [
    '{"expression":"@1","scope":{"params":{}}}',
    {
      code: 'Line',
      message: expect.stringMatching(/^the scope has "params"; allowed are: parameters, /),
      position: null,
    },
  ],
  [
    '{"expression":"@1","scope":{"activities":{"A":1}}}',
    {
      code: 'Line',
      message: expect.stringMatching(/^the scope's activity "A" is an Integer; /),
      position: null,
    },
  ],
] as const

describe('headrace explain --stdin', () => {
  it('answers values, and what is wrong in the place of its line', async () => {
    const filter = startFilter()
    filter.stdin.end(cases.map(([line]) => line).join('\n'))
    const printed = await filter.lines()
    expect(printed.length).toBe(cases.length)
    for (const [index, [line, answer]] of cases.entries()) {
      const given = printed[index] ?? ''
      if (typeof answer === 'string') expect(given, line).toBe(answer)
      else expect(JSON.parse(given), line).toEqual({ error: answer })
    }
    expect(await filter.ended).toEqual([0, null])
  })

  it('answers each line at once, in order, blank ones not at all', async () => {
    const filter = startFilter()
    const answers = filter.reader[Symbol.asyncIterator]()
    filter.stdin.write('\n{"expression":"@add(1, 1)"}\r\nbad\n{"expr')
    expect(await answers.next()).toMatchObject({ value: '{"value":2}' })
    expect(await answers.next()).toMatchObject({ value: expect.stringContaining('"code":"Line"') })
    filter.stdin.end('ession":"ü@{1}"}')
    expect(await answers.next()).toMatchObject({ value: '{"value":"ü1"}' })
    expect(await answers.next()).toMatchObject({ done: true })
    expect(await filter.ended).toEqual([0, null])
  })

  it('keeps the order over many lines that no pipe holds at once', async () => {
    const filter = startFilter()
    const count = 20_000
    filter.stdin.end(
      Array.from({ length: count }, (_, i) => `{"expression":"@item()","scope":{"item":${i}}}\n`).join(''),
    )
    const lines = await filter.lines()
    expect(lines.length).toBe(count)
    expect(lines.findIndex((line, i) => line !== `{"value":${i}}`)).toBe(-1)
  })
})

function startFilter() {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../clients/cli/headrace.ts'), 'explain', '--stdin'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const reader = createInterface({ input: child.stdout })
  const lines = async (): Promise<string[]> => {
    const all: string[] = []
    for await (const line of reader) all.push(line)
    return all
  }
  return {
    stdin: child.stdin,
    reader,
    lines,
    ended: once(child, 'close'),
  }
}
