import { parseArgs } from 'node:util'
import type { VariableName } from '../../config/schema.ts'
import type { AnyValues, Command, Options } from './command.ts'
import { UsageError } from './exit-codes.ts'
import { flag } from './help.ts'
import { everywhere } from './options.ts'

export interface ParsedLine {
  readonly help: boolean
  readonly values: AnyValues
  readonly positionals: readonly string[]
  /** What options say about variables. */
  readonly flags: Partial<Record<VariableName, string>>
}

/** Reads a command's arguments. Throws a UsageError that says what the command takes. */
export function parseLine(name: string, command: Command, args: readonly string[]): ParsedLine {
  const options: Options = { ...command.options, ...everywhere, ...command.options }
  const parsed = parseOrExplain(name, options, args)
  if (parsed.values.help === true) return { help: true, values: {}, positionals: [], flags: {} }
  checkPositionals(name, command, parsed.positionals)
  const values: Record<string, boolean | string | readonly string[] | undefined> = {}
  const flags: Partial<Record<VariableName, string>> = {}
  for (const [key, option] of Object.entries(options)) {
    const value = parsed.values[key]
    if (option.type === 'boolean') values[key] = value === true
    else if (option.multiple === true) values[key] = Array.isArray(value) ? value.map(String) : []
    else values[key] = typeof value === 'string' ? value : undefined
    if (option.variable !== undefined && typeof value === 'string') flags[option.variable] = value
  }
  return { help: false, values, positionals: parsed.positionals, flags }
}

function parseOrExplain(name: string, options: Options, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries(
        Object.entries(options).map(([key, option]) => [
          key,
          {
            type: option.type,
            multiple: option.multiple ?? false,
            ...(option.short === undefined ? {} : { short: option.short }),
          },
        ]),
      ),
    })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    const known = Object.entries(options).map(([key, option]) => flag(key, option))
    const [reason = ''] = error.message.split(/\. |\n/)
    throw new UsageError(
      `${reason.replace(/\.$/, '')}; options of headrace ${name} are: ${known.join(', ')}`,
      {
        cause: error,
      },
    )
  }
}

function checkPositionals(name: string, command: Command, given: readonly string[]): void {
  const missing = command.positionals.find(
    (one, index) => one.optional !== true && given[index] === undefined,
  )
  if (missing !== undefined)
    throw new UsageError(
      `headrace ${name} needs <${missing.name}>: ${missing.help}; see headrace ${name} --help`,
    )
  const extra = given[command.positionals.length]
  if (extra !== undefined)
    throw new UsageError(
      `headrace ${name} does not take ${JSON.stringify(extra)}; it takes ${command.positionals.length} arguments, see headrace ${name} --help`,
    )
}
