import { describe, expect, it } from 'vitest'
import { registry } from '../../clients/cli/registry.ts'
import { freePorts } from '../../clients/dev/ports.ts'
import { headrace, newHome } from './headrace.ts'

describe('help', () => {
  it('of a command lists arguments, options with their variables, examples and exit codes', async () => {
    const { code, stdout, stderr } = await headrace(['pause', '--help'])
    expect(stdout).toMatchInlineSnapshot(`
      "Let a run wait before its next activity.

      Activities that run go on; none is started until \`headrace resume\`.

      Usage: headrace pause <run> [options]

      Arguments:
        run  Workflow id, such as bronze_ingest/20261121T090000Z, or run id

      Options:
        --address <host:port>  Temporal server (default: that of the home's \`headrace up\`) [HEADRACE_TEMPORAL_ADDRESS]
        --namespace <name>     Temporal namespace (default default) [HEADRACE_TEMPORAL_NAMESPACE]
        --json                 Print JSON for programs
        --home <folder>        Folder with all state of the installation (default .headrace) [HEADRACE_HOME]
        -h, --help             Print this help

      Examples:
        headrace pause bronze_ingest/20261121T090000Z  pause that run

      Exit codes:
        0  all went well
        1  a run failed or was cancelled, or something went wrong
        2  the command line, a setting or a definition is wrong; nothing was started
        3  Temporal is not reachable; nothing was started
      "
    `)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it.each(Object.keys(registry))('of %s has a description of each option and an example', async (name) => {
    const command = await registry[name]?.load()
    expect(command?.examples.length).toBeGreaterThan(0)
    for (const example of command?.examples ?? []) expect(example.command).toMatch(`headrace ${name}`)
    for (const [option, { help }] of Object.entries(command?.options ?? {})) expect(help, option).not.toBe('')
  })

  it('without a command goes out with the code for usage', async () => {
    const [asked, bare] = await Promise.all([headrace(['--help']), headrace([])])
    expect(asked).toMatchObject({ code: 0, stderr: '' })
    for (const name of Object.keys(registry)) expect(asked.stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
    expect(bare).toMatchObject({ code: 2, stdout: asked.stdout })
  })
})

describe('a command line that is wrong', () => {
  it.each([
    {
      args: ['fly'],
      stderr: `There is no command "fly"; commands are: ${Object.keys(registry).join(', ')}`,
    },
    {
      args: ['pause'],
      stderr:
        'headrace pause needs <run>: Workflow id, such as bronze_ingest/20261121T090000Z, or run id; see headrace pause --help',
    },
    {
      args: ['down', 'now'],
      stderr: 'headrace down does not take "now"; it takes 0 arguments, see headrace down --help',
    },
    {
      args: ['down', '--fast'],
      stderr: "Unknown option '--fast'; options of headrace down are: --json, --home <folder>, -h, --help",
    },
    { args: ['runs', '--limit', 'all'], stderr: '--limit is "all"; allowed: a whole number from 1' },
    {
      args: ['runs', '--status', 'done'],
      stderr: '--status is "done"; allowed: InProgress, Succeeded, Failed, Cancelled',
    },
    { args: ['sample', '--bad', '2'], stderr: '--bad is "2"; allowed: a number from 0 to 1' },
    { args: ['sample', '--width', '9'], stderr: '--width is "9"; allowed: a whole number from 16 to 2472' },
    {
      args: ['up', '--port', 'x'],
      stderr: 'HEADRACE_TEMPORAL_PORT is "x" (from option); allowed: a port number from 1 to 65535',
    },
  ])('$args says what is allowed', async ({ args, stderr }) => {
    expect(await headrace(args)).toEqual({ code: 2, stdout: '', stderr: `${stderr}\n` })
  })
})

describe('Temporal that is not there', () => {
  it.each(
    Object.entries({
      runs: ['runs'],
      status: ['status', 'a/b'],
      cancel: ['cancel', 'a/b'],
      worker: ['worker'],
    }),
  )('makes %s end with the command that starts it', async (_name, args) => {
    const home = newHome()
    expect(await headrace(args, { HEADRACE_HOME: home })).toEqual({
      code: 3,
      stdout: '',
      stderr: `Temporal is not running for ${home}; start it with: headrace up --home ${home}\n`,
    })
  })

  it('at a given address is named with the address', async () => {
    const [port] = await freePorts(1)
    const result = await headrace(['runs'], {
      HEADRACE_TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
      HEADRACE_HOME: newHome(),
    })
    expect(result.code).toBe(3)
    expect(result.stderr).toContain(`Temporal is not reachable at 127.0.0.1:${port}; start it there`)
  })
})

it('down with nothing running is fine, and says so', async () => {
  const home = newHome()
  expect(await headrace(['down', '--home', home])).toEqual({
    code: 0,
    stdout: `Nothing runs for ${home}.\n`,
    stderr: '',
  })
})

it('sample makes the same drops for the same seed, as JSON for programs', async () => {
  const make = async (folder: string) => {
    const { code, stdout } = await headrace([
      'sample',
      '--scans',
      '5',
      '--bad',
      '0.4',
      '--json',
      '--out',
      folder,
    ])
    expect(code).toBe(0)
    return JSON.parse(stdout) as { drops: string[]; bytes: number; bad: unknown[] }
  }
  const [first, second] = [await make(newHome()), await make(newHome())]
  expect(first.bytes).toBe(second.bytes)
  expect(first.bad).toEqual(second.bad)
  expect(first.bad).not.toHaveLength(0)
})
