import type { JsonObject, JsonValue } from '../json.ts'
import { Evaluator, templateValue, tooLarge } from './evaluator.ts'
import { ExpressionError } from './expression-error.ts'
import { expressionText } from './expression-object.ts'
import type { Context } from './function/function-row.ts'
import { isExpression, parseTemplate } from './parse.ts'
import type { Environment, Scope } from './scope.ts'
import { setKey, toJson, type Value } from './value.ts'

/**
 * Evaluates a JSON value to its depth: strings with `@…` or `@{…}` in them and `{ value, type: 'Expression' }` objects
 * become what they stand for, all else stays. Results are not evaluated again. Throws `ExpressionError`.
 */
export function evaluate(value: JsonValue, scope: Scope, environment: Environment): JsonValue {
  return evaluateDeep(value, { scope, environment }, '')
}

function evaluateDeep(value: JsonValue, context: Context, path: string): JsonValue {
  if (typeof value === 'string') return evaluateText(value, context, path)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    return value.map((item, index) => evaluateDeep(item, context, `${path}[${index}]`))
  }
  const text = expressionText(value)
  if (text !== null) return evaluateText(text, context, path)
  const result: JsonObject = {}
  for (const [key, item] of Object.entries(value)) {
    setKey(result, key, evaluateDeep(item, context, path === '' ? key : `${path}.${key}`))
  }
  return result
}

function evaluateText(text: string, context: Context, path: string): JsonValue {
  if (!isExpression(text)) return text
  try {
    return toJson(textValue(text, context))
  } catch (error) {
    if (error instanceof ExpressionError && path !== '') throw error.at(path)
    if (error instanceof RangeError) throw tooLarge(text, path)
    throw error
  }
}

function textValue(text: string, context: Context): Value {
  const template = parseTemplate(text)
  return template.kind === 'text' ? template.text : templateValue(template, new Evaluator(text, context))
}
