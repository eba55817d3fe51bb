import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Environment, Scope } from '../../../adf/expression/scope.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { jsonOption } from '../options.ts'

export const explain = defineCommand({
  description:
    'Needs neither Temporal nor a worker. An expression is what a definition holds: it starts with @, or has @{…} in it; put it in single quotes for the ' +
    'shell. A scope is a JSON object of what the expression sees: parameters, globalParameters, variables, activities (by name: ' +
    '{"status", "output", "error"}), item, dataset, linkedService, trigger, triggerBody, system (RunId …). What is left out is not legal in ' +
    'the expression. With --stdin it is a filter: {"expression": "@…", "scope": {…}} a line in, {"value": …} or {"error": {"code", ' +
    '"message", "position"}} a line out, in order; codes are Syntax, Evaluation, and Line for a line that cannot be read.',
  positionals: [
    { name: 'expression', help: 'Text as a definition has it, such as @add(1, 2)', optional: true },
  ],
  options: {
    scope: {
      type: 'string',
      value: 'file',
      help: 'JSON file with what the expression sees (default: nothing)',
    },
    stdin: { type: 'boolean', help: 'Answer lines of JSON from standard input' },
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
  ],
  exits: {
    1: 'the expression cannot be read or evaluated; with --stdin that is an answer, and the code is 0',
  },
  async run({ positionals: [expression], values, terminal }) {
    if (values.stdin) {
      if (expression !== undefined || values.scope !== undefined)
        throw new UsageError(
          '--stdin takes expressions and scopes from its lines, none from the command line',
        )
      const { answerLines } = await import('../explain-lines.ts')
      for await (const answers of answerLines(process.stdin, environment)) await terminal.write(answers)
      return exitCodes.ok
    }
    if (expression === undefined)
      throw new UsageError('headrace explain needs <expression>, or --stdin; see headrace explain --help')
    const scope = values.scope === undefined ? {} : await scopeFile(values.scope)
    const [found, tree] = await Promise.all([
      import('../../../adf/expression/explain.ts'),
      import('../explain-tree.ts'),
    ])
    const explanation = found.explain(expression, scope, environment)
    const { outcome } = explanation
    if (values.json) terminal.json(tree.explanationJson(explanation))
    else {
      if (outcome.kind === 'value') terminal.print(tree.resultText(outcome.value))
      for (const line of tree.explanationTree(explanation, terminal.columns)) terminal.print(line)
      if (outcome.kind === 'error') {
        terminal.note(outcome.error.message)
        if (values.scope === undefined && outcome.error.reason.includes('not available here'))
          terminal.note('Say what the expression sees with: --scope file.json')
      } else if (explanation.steps.length === 0)
        terminal.note(
          'This is plain text, which stands for itself; expressions start with @, or have @{…} in them.',
        )
    }
    return outcome.kind === 'error' ? exitCodes.failed : exitCodes.ok
  },
})

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
