#!/usr/bin/env node
import { exitCodes, UsageError, type ExitCode } from './exit-codes.ts'
import { explainFailure } from './failure.ts'
import { helpOfCommand, helpOfHeadrace } from './help.ts'
import { registry } from './registry.ts'
import { processTerminal, type Terminal } from './terminal.ts'

async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.print(helpOfHeadrace())
    return name === undefined ? exitCodes.usage : exitCodes.ok
  }
  if (name === '--version') {
    const { default: about } = await import('../../package.json', { with: { type: 'json' } })
    terminal.print(about.version)
    return exitCodes.ok
  }
  const registered = registry[name]
  if (registered === undefined)
    throw new UsageError(
      `There is no command ${JSON.stringify(name)}; commands are: ${Object.keys(registry).join(', ')}`,
    )
  const command = await registered.load()
  const { parseLine } = await import('./parse.ts')
  const line = parseLine(name, command, rest)
  if (line.help) {
    terminal.print(helpOfCommand(name, command))
    return exitCodes.ok
  }
  const { loadSettings } = await import('../../config/settings.ts')
  const settings = loadSettings({ flags: line.flags })
  return command.run({ ...line, settings, terminal, signal: interruption() })
}

/** The first Ctrl-C lets a command end in order; the second ends the process. */
function interruption(): AbortSignal {
  const abort = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (abort.signal.aborted) process.exit(exitCodes.interrupted)
      abort.abort()
    })
  }
  return abort.signal
}

const terminal = processTerminal()
try {
  process.exitCode = await main(process.argv.slice(2), terminal)
} catch (error) {
  const failure = explainFailure(error)
  terminal.live([])
  terminal.note(failure.text)
  process.exitCode = failure.code
}
