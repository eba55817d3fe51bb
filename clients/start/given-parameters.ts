import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { ParameterType, PlannedPipeline } from '../../adf/plan/plan.ts'

/** A parameter on the command line is wrong; the message says what is allowed. */
export class ParameterError extends Error {
  // Shown like any wrong command line.
  override readonly name = 'UsageError'
}

/**
 * `name=value` texts as values of the pipeline's parameter types, plus the batch where the pipeline has such a parameter.
 * Throws a ParameterError for what the pipeline does not have, cannot take, or misses.
 */
export function givenParameters(
  pipeline: PlannedPipeline,
  texts: readonly string[],
  batch: string,
): JsonObject {
  const given: JsonObject = {}
  for (const text of texts) {
    const [name, value] = split(text)
    const parameter = pipeline.parameters[name]
    if (parameter === undefined)
      throw new ParameterError(
        `${pipeline.name} has no parameter ${JSON.stringify(name)}; parameters are: ${listOf(pipeline)}`,
      )
    given[name] = valueOf(name, value, parameter.type)
  }
  if (pipeline.parameters['batch'] !== undefined) given['batch'] ??= batch
  const missing = Object.entries(pipeline.parameters).find(
    ([name, parameter]) => parameter.defaultValue === undefined && given[name] === undefined,
  )
  if (missing !== undefined)
    throw new ParameterError(
      `${pipeline.name} needs the parameter ${missing[0]} (${missing[1].type}); give it with: --param ${missing[0]}=…`,
    )
  return given
}

function split(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at <= 0) throw new ParameterError(`--param is ${JSON.stringify(text)}; allowed: name=value`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function listOf(pipeline: PlannedPipeline): string {
  const all = Object.entries(pipeline.parameters).map(([name, { type }]) => `${name} (${type})`)
  return all.length === 0 ? 'none' : all.join(', ')
}

const allowed: Readonly<Record<ParameterType, string>> = {
  String: 'any text',
  SecureString: 'any text',
  Int: 'a whole number',
  Float: 'a number',
  Bool: 'true or false',
  Array: 'a JSON array, such as [1,2]',
  Object: 'a JSON object, such as {"a":1}',
}

function valueOf(name: string, text: string, type: ParameterType): JsonValue {
  const value = parse(text, type)
  if (value === undefined)
    throw new ParameterError(`--param ${name} is ${JSON.stringify(text)}; allowed: ${allowed[type]}`)
  return value
}

/** Undefined: the text is no value of the type. */
function parse(text: string, type: ParameterType): JsonValue | undefined {
  switch (type) {
    case 'String':
    case 'SecureString':
      return text
    case 'Int':
      return /^[+-]?\d+$/.test(text) ? Number(text) : undefined
    case 'Float':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
    case 'Bool':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined
    case 'Array': {
      const value = json(text)
      return Array.isArray(value) ? value : undefined
    }
    case 'Object': {
      const value = json(text)
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
    }
  }
}

function json(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
