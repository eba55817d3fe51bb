import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Environment, Scope } from '../../../adf/expression/scope.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { connectionOptions, jsonOption } from '../options.ts'

export const explain = defineCommand({
  description:
    'Without --run it needs neither Temporal nor a worker. An expression is what a definition holds: it starts with @, or has @{…} in it; put it in single quotes for the ' +
    'shell. A scope is a JSON object of what the expression sees: parameters, globalParameters, variables, activities (by name: ' +
    '{"status", "output", "error"}), item, dataset, linkedService, trigger, triggerBody, system (RunId …). What is left out is not legal in ' +
    'the expression. With --stdin it is a filter: {"expression": "@…", "scope": {…}} a line in, {"value": …} or {"error": {"code", ' +
    '"message", "position"}} a line out, in order; codes are Syntax, Evaluation, and Line for a line that cannot be read. ' +
    'With --run the expression sees what a run saw, from its plan in Temporal and its records in the warehouse: at top level as it stands now, with --activity ' +
    'as that activity began. --scope then replaces parts of it. Without an expression, every expression of the activity is shown.',
  positionals: [
    { name: 'expression', help: 'Text as a definition has it, such as @add(1, 2)', optional: true },
  ],
  options: {
    scope: {
      type: 'string',
      value: 'file',
      help: 'JSON file with what the expression sees (default: nothing)',
    },
    run: {
      type: 'string',
      value: 'run',
      help: 'See what this run saw: workflow id, such as bronze_ingest/20261121T090000Z, or run id',
    },
    activity: {
      type: 'string',
      value: 'name[index]',
      help: 'Stand where this activity of the run stood; the index says which iteration of a loop: [3], nested [3.0]',
    },
    trace: { type: 'boolean', help: 'Show every expression of every activity of the run' },
    stdin: { type: 'boolean', help: 'Answer lines of JSON from standard input' },
    ...connectionOptions,
    ...jsonOption,
  },
  examples: [
    { command: `headrace explain '@add(mul(2, 3), 1)'`, does: 'the value, below it how it came about' },
    {
      command: `headrace explain "@activity('Look up').output.firstRow.id" --scope scope.json`,
      does: 'with {"activities": {"Look up": {"output": {…}}}} in scope.json',
    },
    {
      command: `echo '{"expression":"@item()","scope":{"item":1}}' | headrace explain --stdin`,
      does: 'prints {"value":1}',
    },
    {
      command: `headrace explain "@activity('Look up').output.firstRow" --run load/20261121T090000Z`,
      does: 'with what that run recorded',
    },
    {
      command: `headrace explain --run load/20261121T090000Z --activity 'Copy table[3]'`,
      does: 'every expression of the fourth iteration',
    },
  ],
  exits: {
    1: 'the expression cannot be read or evaluated; with --stdin that is an answer, and the code is 0',
  },
  async run({ positionals: [expression], values, settings, terminal }) {
    refuseWhatExcludes(expression, values)
    if (values.stdin) {
      const { answerLines } = await import('../explain-lines.ts')
      for await (const answers of answerLines(process.stdin, environment)) await terminal.write(answers)
      return exitCodes.ok
    }
    if (values.run !== undefined) {
      const { explainRun } = await import('../../explain/explain-run.ts')
      const given = values.scope === undefined ? {} : await scopeFile(values.scope)
      return explainRun(settings, terminal, {
        name: values.run,
        expression,
        given,
        activity: values.activity,
        trace: values.trace,
        asJson: values.json,
      })
    }
    if (expression === undefined)
      throw new UsageError('headrace explain needs <expression>, or --stdin; see headrace explain --help')
    const scope = values.scope === undefined ? {} : await scopeFile(values.scope)
    const [found, { printExplanation }] = await Promise.all([
      import('../../../adf/expression/explain.ts'),
      import('../explain-tree.ts'),
    ])
    const explanation = found.explain(expression, scope, environment)
    const { outcome } = explanation
    printExplanation(terminal, explanation, values.json)
    if (
      !values.json &&
      outcome.kind === 'error' &&
      values.scope === undefined &&
      outcome.error.reason.includes('not available here')
    )
      terminal.note(
        'Say what the expression sees with: --scope file.json, or --run with a run of the pipeline',
      )
    return outcome.kind === 'error' ? exitCodes.failed : exitCodes.ok
  },
})

interface Given {
  readonly stdin: boolean
  readonly scope: string | undefined
  readonly run: string | undefined
  readonly activity: string | undefined
  readonly trace: boolean
}

function refuseWhatExcludes(expression: string | undefined, values: Given): void {
  if (
    values.stdin &&
    [expression, values.scope, values.run, values.activity].some((one) => one !== undefined)
  )
    throw new UsageError('--stdin takes expressions and scopes from its lines, none from the command line')
  if (values.run === undefined && (values.activity !== undefined || values.trace))
    throw new UsageError(
      `--${values.trace ? 'trace' : 'activity'} needs --run: the workflow id or run id; headrace runs lists them`,
    )
  if (values.trace && (expression !== undefined || values.activity !== undefined))
    throw new UsageError(
      '--trace shows every expression of the run; leave it out to ask for one expression or one --activity',
    )
  if (values.run !== undefined && expression === undefined && values.activity === undefined && !values.trace)
    throw new UsageError(
      'headrace explain --run needs an <expression>, --activity (all its expressions) or --trace (those of all activities)',
    )
}

const environment: Environment = { now: Date.now, guid: randomUUID, random: Math.random }

async function scopeFile(file: string): Promise<Scope> {
  const { readJson, readScope } = await import('../expression-scope.ts')
  try {
    return readScope(readJson(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`--scope ${file}: ${reason}`, { cause })
  }
}
