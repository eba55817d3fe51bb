import type { VariableName } from '../../config/schema.ts'
import type { Settings } from '../../config/settings.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** May be given more than once. */
  readonly multiple?: true
  /** Shown behind the option: `--batch <name>`. */
  readonly value?: string
  readonly help: string
  /** The option sets this variable, which it beats. */
  readonly variable?: VariableName
}

export type Options = Readonly<Record<string, Option>>

export type Values<O extends Options> = {
  readonly [K in keyof O]: O[K]['type'] extends 'boolean'
    ? boolean
    : O[K]['multiple'] extends true
      ? readonly string[]
      : string | undefined
}

export interface Positional {
  readonly name: string
  readonly help: string
  readonly optional?: true
}

/** Values before they are tied to declared options. */
export type AnyValues = Readonly<Record<string, boolean | string | readonly string[] | undefined>>

export interface Invocation<V> {
  readonly values: V
  /** As many as declared; optional ones may be missing. */
  readonly positionals: readonly string[]
  /** With the options that set variables already in. */
  readonly settings: Settings
  readonly terminal: Terminal
  /** Aborted by the first Ctrl-C or SIGTERM; the second ends the process. */
  readonly signal: AbortSignal
}

/** A command as its module declares it; its summary stands in the registry, so that `--help` loads no command. */
export interface CommandDefinition<O extends Options> {
  readonly positionals: readonly Positional[]
  readonly options: O
  /** What the summary does not say; one paragraph. */
  readonly description?: string
  readonly examples: readonly { readonly command: string; readonly does: string }[]
  /** Exit codes with a meaning of their own in this command, beside the common ones. */
  readonly exits?: Readonly<Record<number, string>>
  run(invocation: Invocation<Values<O>>): Promise<ExitCode>
}

/** A command with the types of its options hidden, as the frame runs it. */
export interface Command extends Omit<CommandDefinition<Options>, 'run'> {
  run(invocation: Invocation<AnyValues>): Promise<ExitCode>
}

/** Ties the types of `values` in `run` to the declared options. */
export function defineCommand<const O extends Options>(definition: CommandDefinition<O>): Command {
  return {
    ...definition,
    // The frame fills `values` from exactly these options.
    run: (invocation) =>
      definition.run({ ...invocation, values: narrow(definition.options, invocation.values) }),
  }
}

function narrow<O extends Options>(options: O, values: AnyValues): Values<O> {
  const known: Partial<Record<keyof O, unknown>> = {}
  for (const name of Object.keys(options) as (keyof O & string)[]) known[name] = values[name]
  return known as Values<O>
}
