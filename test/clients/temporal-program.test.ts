import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildWithGo } from '../../clients/dev/build-temporal.ts'
import { cachedTemporal, findTemporal, obtainTemporal } from '../../clients/dev/temporal-program.ts'

interface Machine {
  readonly folder: string
  readonly path: string
  readonly second: string
  readonly cache: string
}

function machine(): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-program-'))
  return { folder, path: join(folder, 'bin'), second: join(folder, 'bin2'), cache: join(folder, 'cache') }
}

function program(file: string, text = '#!/bin/sh\nexit 0\n', mode = 0o755): string {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

describe('the temporal program is', () => {
  const places = {
    named: (at: Machine) => join(at.folder, 'own/temporal'),
    path: (at: Machine) => join(at.path, 'temporal'),
    second: (at: Machine) => join(at.second, 'temporal'),
    cache: (at: Machine) => cachedTemporal(at.cache),
  }
  it.each([
    {
      title: 'the one that TEMPORAL_CLI names',
      there: ['named', 'path', 'second', 'cache'],
      expected: 'named',
    },
    { title: 'the first on PATH', there: ['path', 'second', 'cache'], expected: 'path' },
    { title: 'a later one on PATH before the cache', there: ['second', 'cache'], expected: 'second' },
    { title: 'the one in the cache', there: ['cache'], expected: 'cache' },
    { title: 'nowhere', there: [], expected: null },
  ] as const)('$title', ({ there, expected }) => {
    const at = machine()
    for (const place of there) program(places[place](at))
    const found = findTemporal({
      temporalCli: there.some((place) => place === 'named') ? places.named(at) : null,
      searchPath: [at.path, at.second],
      cache: at.cache,
    })
    expect(found).toBe(expected === null ? null : places[expected](at))
  })

  it('never a file that cannot be executed, nor a folder of that name', () => {
    const at = machine()
    program(places.path(at), 'text', 0o644)
    mkdirSync(places.second(at), { recursive: true })
    expect(findTemporal({ temporalCli: null, searchPath: [at.path, at.second], cache: at.cache })).toBeNull()
  })

  it('not looked for elsewhere when TEMPORAL_CLI names something that is no program', () => {
    const at = machine()
    program(places.path(at))
    const find = () =>
      findTemporal({ temporalCli: '/nowhere/temporal', searchPath: [at.path], cache: at.cache })
    expect(find).toThrow(
      'TEMPORAL_CLI is /nowhere/temporal, which is no executable file; correct it or unset it',
    )
  })
})

describe('building', () => {
  const fakeGo = [
    '#!/bin/sh',
    'echo "$@" > "$GOBIN/../arguments"',
    'echo "go: downloading go.temporal.io/server v1.29.1" >&2',
    'echo "go.temporal.io/server/api" >&2',
    'printf "#!/bin/sh\\n" > "$GOBIN/temporal" && chmod +x "$GOBIN/temporal"',
  ].join('\n')

  it('puts the program into the cache when it is complete, and says what happens', async () => {
    const at = machine()
    program(join(at.path, 'go'), fakeGo)
    const lines: string[] = []
    const request = {
      version: '1.5.1',
      target: cachedTemporal(at.cache),
      searchPath: [at.path],
      report: (line: string) => lines.push(line),
    }
    expect(await buildWithGo(request)).toBeNull()
    expect(findTemporal({ temporalCli: null, searchPath: [], cache: at.cache })).toBe(request.target)
    expect(lines).toEqual([
      `Building Temporal 1.5.1 with Go: once, up to three minutes the first time, then kept in ${dirname(request.target)}`,
      'Temporal 1.5.1 is built',
    ])
  })

  it('that fails gives the end of what Go said, and leaves nothing behind', async () => {
    const at = machine()
    program(join(at.path, 'go'), '#!/bin/sh\necho "go: no module proxy, sorry" >&2\nexit 1\n')
    const failure = await buildWithGo({
      version: '1.5.1',
      target: cachedTemporal(at.cache),
      searchPath: [at.path],
      report: () => {},
    })
    expect(failure).toBe('go install ended with 1: go: no module proxy, sorry')
    expect(findTemporal({ temporalCli: null, searchPath: [], cache: at.cache })).toBeNull()
  })

  it('is done once when several ask at the same time', async () => {
    const at = machine()
    program(join(at.path, 'go'), fakeGo.replace('#!/bin/sh', '#!/bin/sh\necho built >> "$GOBIN/../builds"'))
    const settings = { temporalCli: null, searchPath: [at.path], cache: at.cache }
    const waiting: string[] = []
    const obtain = () => obtainTemporal(settings, (line) => waiting.push(line), [buildWithGo])
    const target = cachedTemporal(at.cache)
    expect(await Promise.all([obtain(), obtain(), obtain()])).toEqual([target, target, target])
    expect(readFileSync(join(dirname(target), 'builds'), 'utf8')).toBe('built\n')
    expect(waiting).toContain(`Process ${process.pid} is obtaining Temporal; waiting for it …`)
  })

  it('is the last resort: when no way works the message lists each with its reason, and what to do', async () => {
    const at = machine()
    const settings = { temporalCli: null, searchPath: [at.path], cache: at.cache }
    await expect(
      obtainTemporal(settings, () => {}, [async () => 'download: no answer', buildWithGo]),
    ).rejects.toThrow(
      [
        'Temporal 1.5.1 could not be obtained:',
        '  - download: no answer',
        '  - go install: there is no `go` on PATH',
        'Install the `temporal` program (https://docs.temporal.io/cli) and put it on PATH, or name it by TEMPORAL_CLI.',
      ].join('\n'),
    )
  })
})
