import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documentVariables } from '../../config/document.ts'
import { environmentSchema } from '../../config/schema.ts'
import { readSecret } from '../../config/secrets.ts'
import { loadSettings, settingsEnvironment, SettingsError } from '../../config/settings.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'headrace-config-'))

describe('where a value comes from', () => {
  const option = { HEADRACE_TASK_QUEUE: 'from-option' }
  const environment = { HEADRACE_TASK_QUEUE: 'from-environment' }
  const dotEnv = 'HEADRACE_TASK_QUEUE=from-file\n'

  it.each([
    { title: 'an option beats all', flags: option, environment, dotEnv, expected: 'from-option' },
    { title: 'the environment beats .env', flags: {}, environment, dotEnv, expected: 'from-environment' },
    { title: '.env beats the default', flags: {}, environment: {}, dotEnv, expected: 'from-file' },
    {
      title: 'the default holds where nothing is set',
      flags: {},
      environment: {},
      dotEnv: '',
      expected: 'headrace',
    },
    {
      title: 'an empty value counts as not set',
      flags: {},
      environment: { HEADRACE_TASK_QUEUE: '' },
      dotEnv,
      expected: 'from-file',
    },
  ])('$title', ({ flags, environment: given, dotEnv: text, expected }) => {
    const folder = newFolder()
    writeFileSync(join(folder, '.env'), text)
    expect(loadSettings({ flags, environment: given, folder }).taskQueue).toBe(expected)
  })
})

it('puts all state below the home, and relative paths below the folder', () => {
  const settings = loadSettings({ environment: { HEADRACE_INBOX: 'drops' }, folder: '/plant' })
  expect(settings.home).toEqual({
    root: '/plant/.headrace',
    lake: '/plant/.headrace/lake',
    warehouse: '/plant/.headrace/warehouse.db',
    temporal: '/plant/.headrace/temporal',
    outbox: '/plant/.headrace/outbox',
    logs: '/plant/.headrace/logs',
    run: '/plant/.headrace/run',
    duckdb: '/plant/.headrace/duckdb',
    stores: '/plant/.headrace/stores',
    secrets: '/plant/.headrace/secrets',
  })
  expect(settings.inbox).toBe('/plant/drops')
})

it('puts the lake elsewhere where that is said, and only the lake', () => {
  const settings = loadSettings({ environment: { HEADRACE_LAKE: 'shared' }, folder: '/plant' })
  expect(settings.home).toMatchObject({ root: '/plant/.headrace', lake: '/plant/shared' })
})

it('lists every wrong variable with its value, its source and what is allowed', () => {
  const load = () =>
    loadSettings({
      flags: { HEADRACE_TEMPORAL_PORT: '70000' },
      environment: {
        HEADRACE_SCAN_TIME_ZONE: 'Mars/Olympus',
        HEADRACE_TEMPORAL_ADDRESS: 'http://temporal:7233',
      },
      folder: newFolder(),
    })
  expect(load).toThrow(SettingsError)
  expect(load).toThrow(
    [
      'HEADRACE_SCAN_TIME_ZONE is "Mars/Olympus" (from environment); allowed: an IANA time zone such as `Europe/Berlin` or `UTC`',
      'HEADRACE_TEMPORAL_ADDRESS is "http://temporal:7233" (from environment); allowed: `host:port` without a scheme, e.g. `127.0.0.1:7233`',
      'HEADRACE_TEMPORAL_PORT is "70000" (from option); allowed: a port number from 1 to 65535',
    ].join('\n'),
  )
})

describe('a variable takes', () => {
  it.each([
    {
      name: 'HEADRACE_TEMPORAL_ADDRESS',
      right: ['localhost:7233', '[::1]:7233'],
      wrong: ['localhost', ':7233'],
    },
    { name: 'HEADRACE_TEMPORAL_UI', right: ['https://ui.plant/'], wrong: ['ui.plant', 'ftp://ui'] },
    { name: 'HEADRACE_TEMPORAL_UI_PORT', right: ['1', '65535'], wrong: ['0', '65536', '80.5', 'http'] },
    {
      name: 'HEADRACE_DUCKDB_MEMORY',
      right: ['2GB', '512MiB', '1.5GB'],
      wrong: ['2', '-1GB', '80%', 'much'],
    },
    {
      name: 'HEADRACE_ZIP_BYTES',
      right: ['1TiB', '200GB'],
      wrong: ['0GB', '200', '1e12'],
    },
    { name: 'HEADRACE_ZIP_RATIO', right: ['1', '1000.5'], wrong: ['0.5', '-250', 'any'] },
    { name: 'HEADRACE_ZIP_FILES', right: ['1'], wrong: ['0', '1.5'] },
    { name: 'HEADRACE_DUCKDB_THREADS', right: ['1', '16'], wrong: ['0', '1.5', 'all'] },
    { name: 'HEADRACE_SCAN_TIME_ZONE', right: ['Europe/Berlin', 'UTC'], wrong: ['Berlin', 'Mars'] },
    { name: 'HEADRACE_TASK_QUEUE', right: ['plant-2'], wrong: ['a b', '-x'] },
    {
      name: 'HEADRACE_WEBHOOK',
      right: ['env:HOOK', 'file:/run/secrets/hook'],
      wrong: ['https://hook', 'env:'],
    },
  ])('$name: $right, and refuses $wrong', ({ name, right, wrong }) => {
    const load = (value: string) => () =>
      loadSettings({ environment: { [name]: value }, folder: newFolder() })
    for (const value of right) expect(load(value), value).not.toThrow()
    for (const value of wrong) expect(load(value), value).toThrow(name)
  })
})

it('gives a process that it starts the same settings', () => {
  const settings = loadSettings({
    environment: {
      HEADRACE_HOME: '/data/h',
      HEADRACE_LAKE: '/shared/lake',
      HEADRACE_ZIP_BYTES: '1.5GiB',
      HEADRACE_ZIP_FILE_BYTES: '777KiB',
      HEADRACE_ZIP_RATIO: '33',
      HEADRACE_DUCKDB_THREADS: '3',
      HEADRACE_TEMPORAL_PORT: '7000',
      PATH: '/bin',
    },
    folder: newFolder(),
  })
  const given = Object.fromEntries(
    Object.entries(settingsEnvironment(settings)).flatMap(([name, value]) =>
      value === null ? [] : [[name, value]],
    ),
  )
  expect(loadSettings({ environment: given, folder: newFolder() })).toEqual(settings)
})

describe('a secret', () => {
  it('is read from a variable or from a file, without the line end', () => {
    const file = join(newFolder(), 'hook')
    writeFileSync(file, 'https://hook.example/abc\n')
    expect(readSecret(`file:${file}`, {})).toBe('https://hook.example/abc')
    expect(readSecret('env:HOOK', { HOOK: ' https://hook.example/abc ' })).toBe('https://hook.example/abc')
  })

  it.each([
    ['env:HOOK', 'The secret env:HOOK is missing; set the variable HOOK'],
    [
      'file:/nowhere/hook',
      'The secret file:/nowhere/hook cannot be read; create the file or correct its path',
    ],
  ])('that is missing as %s names the reference', (reference, message) => {
    expect(() => readSecret(reference, {})).toThrow(message)
  })

  it('given instead of a reference is refused without being shown', () => {
    const load = () =>
      loadSettings({ environment: { HEADRACE_WEBHOOK: 'https://hook/TOKEN' }, folder: newFolder() })
    expect(load).toThrow(/^HEADRACE_WEBHOOK is not a reference/)
    expect(load).not.toThrow(/TOKEN/)
  })
})

it('documents every variable, and docs/configuration.md holds that table', () => {
  const table = documentVariables()
  for (const name of Object.keys(environmentSchema.shape))
    if (name !== 'PATH') expect(table).toContain(`\`${name}\``)
  expect(readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')).toContain(table)
})
