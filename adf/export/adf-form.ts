import type { JsonObject, JsonValue } from '../json.ts'
import { isObject } from '../resource/fields.ts'
import { parseDuration } from '../resource/duration.ts'

const timespan = /^(\d+\.)?\d{1,2}:\d{2}:\d{2}(\.\d+)?$/

/** Which kind of reference stands under a property. */
const referenceTypes: Readonly<Record<string, string>> = {
  dataset: 'DatasetReference',
  inputs: 'DatasetReference',
  outputs: 'DatasetReference',
  linkedservicename: 'LinkedServiceReference',
  pipeline: 'PipelineReference',
  pipelinereference: 'PipelineReference',
}

/** What stands below these is the user's own data, whatever it is called. */
const data = new Set([
  'parameters',
  'defaultvalue',
  'value',
  'body',
  'headers',
  'content',
  'globalparameters',
])

/**
 * A definition as ADF wants it: what Headrace lets people leave out is written (`type` of references, `dependencyConditions`), durations
 * in words become timespans. What is complete stays as it is.
 */
export function adfForm(value: JsonValue, key = '', owner = ''): JsonValue {
  if (data.has(key.toLowerCase())) return value
  if (Array.isArray(value)) return value.map((item) => adfForm(item, key, owner))
  if (typeof value === 'string') {
    const isTimeout = key.toLowerCase() === 'timeout' && /^(policy|typeProperties)$/i.test(owner)
    return isTimeout ? timespanOf(value) : value
  }
  if (!isObject(value)) return value
  const result: JsonObject = {}
  for (const [name, inner] of Object.entries(value)) result[name] = adfForm(inner, name, key)
  const type = referenceTypes[key.toLowerCase()]
  if (type !== undefined && has(value, 'referenceName') && !has(value, 'type')) result['type'] = type
  if (key.toLowerCase() === 'dependson') {
    if (has(value, 'activity') && !has(value, 'dependencyConditions'))
      result['dependencyConditions'] = ['Succeeded']
    if (has(value, 'referenceName') && !has(value, 'type')) result['type'] = 'PipelineReference'
  }
  return result
}

function timespanOf(text: string): string {
  const ms = timespan.test(text) ? null : parseDuration(text)
  if (ms === null) return text
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  return `${Math.floor(ms / 86_400_000)}.${two((ms / 3_600_000) % 24)}:${two((ms / 60_000) % 60)}:${two((ms / 1_000) % 60)}`
}

function has(object: JsonObject, name: string): boolean {
  return Object.keys(object).some((key) => key.toLowerCase() === name.toLowerCase())
}
