import { Evaluator, templateValue, tooLarge } from '../../adf/expression/evaluator.ts'
import { ExpressionError } from '../../adf/expression/expression-error.ts'
import { parseTemplate } from '../../adf/expression/parse.ts'
import type { Environment } from '../../adf/expression/scope.ts'
import { isObject, toJsonText, typeName } from '../../adf/expression/value.ts'
import { readJson, readScope, ScopeError } from './expression-scope.ts'

/** `Syntax`: cannot be read; `Evaluation`: fails with this scope; `Line`: the line itself is not as it must be. */
export type ErrorCode = 'Syntax' | 'Evaluation' | 'Line'

/**
 * Answers lines of `{"expression": …, "scope": …}` in their order, those of one chunk of the input together. Blank lines have no answer. Memory holds
 * one line, however long the input is.
 */
export async function* answerLines(
  input: AsyncIterable<Uint8Array>,
  environment: Environment,
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let begun: string[] = []
  const ended = (text: string): string => {
    const line = [...begun, text].join('')
    begun = []
    return line.trim() === '' ? '' : `${answerLine(line, environment)}\n`
  }
  for await (const chunk of input) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n')
    const rest = lines.pop() ?? ''
    const answers = lines.map(ended).join('')
    begun.push(rest)
    if (answers !== '') yield answers
  }
  const last = ended(decoder.decode())
  if (last !== '') yield last
}

/** `{"value": …}` or `{"error": {code, message, position}}`. */
export function answerLine(line: string, environment: Environment): string {
  let code: ErrorCode = 'Line'
  try {
    const value = readJson(line)
    if (!isObject(value))
      throw new ScopeError(`the line is no object; allowed is {"expression": "@…", "scope": {}}`)
    const { expression } = value
    if (typeof expression !== 'string')
      throw new ScopeError(
        expression === undefined
          ? 'the line has no "expression"; allowed is {"expression": "@…", "scope": {}}'
          : `"expression" is of type ${typeName(expression)}; allowed is a string`,
      )
    const scope = readScope(value['scope'])
    code = 'Syntax'
    const template = parseTemplate(expression)
    code = 'Evaluation'
    try {
      return `{"value":${toJsonText(templateValue(template, new Evaluator(expression, { scope, environment })))}}`
    } catch (error) {
      throw error instanceof RangeError ? tooLarge(expression, '') : error
    }
  } catch (error) {
    return JSON.stringify({ error: describe(code, error) })
  }
}

function describe(code: ErrorCode, error: unknown) {
  if (error instanceof ExpressionError) return { code, message: error.message, position: error.position }
  if (error instanceof SyntaxError)
    return { code, message: `the line is not JSON: ${error.message}`, position: null }
  if (error instanceof ScopeError) return { code, message: error.message, position: null }
  throw error
}
