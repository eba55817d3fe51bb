import { freeName } from './free-name.ts'
import { isQuantity, readQuantity } from '../units/quantity.ts'
import { isMapping, type YamlValue } from '../yaml/read-yaml.ts'
import type { Fields } from './fields.ts'
import type { Findings } from './finding.ts'

export type ResultKind = 'scalar' | 'tuple' | 'point' | 'circle' | 'profile' | 'text'

/** One value that a routine gave. Named as the columns of bronze.measurements. */
export interface ResultRecord {
  /** Key in lower case; tuple parts get `[0]`, `[1]`. */
  readonly result_name: string
  readonly result_kind: ResultKind
  /** As written. */
  readonly value_text: string | null
  /** In `value_unit`; a circle's radius in pixels. */
  readonly value: number | null
  readonly unit_text: string | null
  readonly value_unit: string | null
  readonly x_pixel: number | null
  readonly y_pixel: number | null
  readonly ordinal: number
}

type Draft = Omit<ResultRecord, 'ordinal' | 'result_name'> & { readonly suffix: string }

/** Of one file. Scanning software writes some dozens. */
export const mostResults = 100_000
const longestName = 500

const about = new Set(['type', 'id', 'name', 'primaryshapeid', 'annotationids', 'debug'])
const groups = new Set(['results', 'parameters'])
const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
const pointKey = /(?:pt|point|center|centre|pos|position)\d*$/

/** Every value of a routine, results and parameters alike: which of them count as measurements is configuration. */
export function readResults(routine: Fields, budget: { left: number }, findings: Findings): ResultRecord[] {
  const results: ResultRecord[] = []
  const names = new Set<string>()
  for (const { key, value, place } of flatten(routine, findings)) {
    for (const { suffix, ...draft } of readResult(key, value, place, findings)) {
      if (budget.left === 0) {
        findings.error(
          'analysis.limit',
          routine.place,
          `the file has more than ${mostResults} results; the others were left out`,
        )
        return results
      }
      budget.left -= 1
      const name = freeName(`${key}${suffix}`, results.length, names)
      names.add(name)
      results.push({ result_name: name, ...draft, ordinal: results.length })
    }
  }
  return results
}

interface Entry {
  readonly key: string
  readonly value: YamlValue
  readonly place: string
}

function* flatten(routine: Fields, findings: Findings): Generator<Entry> {
  for (const key of routine.keys()) {
    const lower = key.toLowerCase()
    if (about.has(lower) || lower.startsWith('meta_')) continue
    yield* flattenValue(groups.has(lower) ? '' : lower, routine.raw(key) ?? '', routine.below(key), findings)
  }
}

function* flattenValue(key: string, value: YamlValue, place: string, findings: Findings): Generator<Entry> {
  // Names of what lies below begin with this one: a long one would be repeated with each.
  if (key.length > longestName) {
    findings.error('result.name', place, `the name has ${key.length} characters; ${longestName} are allowed`)
    return
  }
  if (!isMapping(value)) {
    yield { key, value, place }
    return
  }
  for (const [name, part] of Object.entries(value)) {
    const lower = name.toLowerCase()
    yield* flattenValue(key === '' ? lower : `${key}.${lower}`, part, `${place}.${name}`, findings)
  }
}

const nothing = { value: null, unit_text: null, value_unit: null, x_pixel: null, y_pixel: null }

function readResult(key: string, value: YamlValue, place: string, findings: Findings): Draft[] {
  const text = asText(value)
  const plain = (kind: ResultKind): Draft => ({ suffix: '', result_kind: kind, value_text: text, ...nothing })
  if (/^\[\s*\(/.test(text)) return [plain('profile')]
  const parts = /^\((.*)\)$/s
    .exec(text.trim())?.[1]
    ?.split(',')
    .map((part) => part.trim())
  if (parts !== undefined && !parts.some((part) => part.includes('('))) return readParts(key, text, parts)
  const quantity = readQuantity(text)
  if (isQuantity(quantity)) {
    if (quantity.unitText !== null && quantity.unit === null)
      findings.warning(
        'result.unit_known',
        place,
        `unit ${JSON.stringify(quantity.unitText)} is not known; the value is kept as written`,
      )
    return [
      {
        ...plain('scalar'),
        value: quantity.value,
        unit_text: quantity.unitText,
        value_unit: quantity.unit,
      },
    ]
  }
  if (quantity.problem !== null) findings.error('result.readable', place, quantity.problem)
  return [plain('text')]
}

function readParts(key: string, text: string, parts: readonly string[]): Draft[] {
  const numbers = parts.map((part) => (number.test(part) ? Number(part) : NaN))
  const [x = NaN, y = NaN, r = NaN] = numbers
  const all = numbers.every(Number.isFinite)
  const whole = { suffix: '', value_text: text, ...nothing, x_pixel: x, y_pixel: y }
  if (all && parts.length === 2 && pointKey.test(key)) return [{ ...whole, result_kind: 'point' }]
  if (all && parts.length === 3 && key.includes('circle'))
    return [{ ...whole, result_kind: 'circle', value: r }]
  return parts.map((part, index) => {
    const quantity = readQuantity(part)
    const found = isQuantity(quantity)
      ? { value: quantity.value, unit_text: quantity.unitText, value_unit: quantity.unit }
      : {}
    return { suffix: `[${index}]`, result_kind: 'tuple', value_text: part, ...nothing, ...found }
  })
}

/** Text as written; a list, which YAML took apart at its commas, is put together again. */
function asText(value: YamlValue): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${value.map(asText).join(', ')}]`
  return JSON.stringify(value)
}
