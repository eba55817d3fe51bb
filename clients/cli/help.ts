import type { Command, Option, Options } from './command.ts'
import { everywhere } from './options.ts'
import { registry } from './registry.ts'

const commonExits: Readonly<Record<number, string>> = {
  0: 'all went well',
  1: 'a run failed or was cancelled, or something went wrong',
  2: 'the command line, a setting or a definition is wrong; nothing was started',
  3: 'Temporal is not reachable; nothing was started',
}

export function helpOfHeadrace(): string {
  const names = Object.keys(registry)
  const width = Math.max(...names.map((name) => name.length))
  return [
    'headrace runs Azure Data Factory pipelines on your own machines, durably.',
    '',
    'Usage: headrace <command> [options]',
    '',
    'Commands:',
    ...Object.entries(registry).map(([name, command]) => `  ${name.padEnd(width)}  ${command.summary}`),
    '',
    'Examples:',
    '  headrace demo                 from sample scans to gold tables in a minute',
    '  headrace up --detach          start Temporal and a worker for .headrace',
    '  headrace run bronze_ingest    ingest the inbox; silver and gold follow',
    '',
    '`headrace <command> --help` says more. Settings come from options, the environment and .env: docs/configuration.md.',
  ].join('\n')
}

export function helpOfCommand(name: string, command: Command): string {
  const positionals = command.positionals.map((one) => (one.optional ? `[${one.name}]` : `<${one.name}>`))
  const options: Options = { ...command.options, ...everywhere, ...command.options }
  const sections = [
    [
      `${registry[name]?.summary ?? ''}.`,
      ...(command.description === undefined ? [] : ['', ...wrap(command.description, 100)]),
    ],
    [`Usage: ${['headrace', name, ...positionals, '[options]'].join(' ')}`],
    table(
      'Arguments:',
      command.positionals.map((one) => [one.name, one.help]),
    ),
    table(
      'Options:',
      Object.entries(options).map(([key, option]) => [flag(key, option), explained(option)]),
    ),
    table(
      'Examples:',
      command.examples.map((one) => [one.command, one.does]),
    ),
    table('Exit codes:', Object.entries({ ...commonExits, ...command.exits })),
  ]
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')
}

export function flag(name: string, option: Option): string {
  const short = option.short === undefined ? '' : `-${option.short}, `
  const value = option.type === 'boolean' ? '' : ` <${option.value ?? 'value'}>`
  return `${short}--${name}${value}`
}

function explained(option: Option): string {
  const remarks = [
    ...(option.multiple === true ? ['repeatable'] : []),
    ...(option.variable === undefined ? [] : [option.variable]),
  ]
  return remarks.length === 0 ? option.help : `${option.help} [${remarks.join(', ')}]`
}

function table(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return []
  const width = Math.max(...rows.map(([left]) => left.length))
  return [title, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)]
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
