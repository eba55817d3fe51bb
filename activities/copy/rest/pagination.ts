import { DefinitionError } from '../../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../../adf/json.ts'
import { parsePath } from '../json-path.ts'

/** A value that the next request takes from the last response. */
export type FromResponse =
  | { readonly from: 'body'; readonly path: readonly (string | number)[] }
  | { readonly from: 'header'; readonly name: string }

export interface NumberRange {
  readonly start: number
  /** Null: until an end condition. */
  readonly end: number | null
  readonly step: number
}

export interface EndCondition {
  readonly of: FromResponse
  readonly when: 'Exist' | 'NonExist' | 'Empty' | 'NonEmpty' | { readonly equals: string }
}

/** ADF's `paginationRules`, read. */
export interface PaginationRules {
  readonly absoluteUrl: FromResponse | null
  readonly query: readonly (readonly [name: string, value: FromResponse])[]
  readonly headers: readonly (readonly [name: string, value: FromResponse])[]
  /** `{name}` in the address or a header → the numbers that it goes through. */
  readonly variables: readonly (readonly [name: string, range: NumberRange])[]
  readonly ends: readonly EndCondition[]
  readonly maxRequests: number | null
  /** Follow `Link: <…>; rel="next"`. */
  readonly links: boolean
}

const allowed =
  'AbsoluteUrl, QueryParameters.<name>, Headers.<name>, AbsoluteUrl.{variable}, QueryParameters.{variable}, Headers.{variable}, EndCondition:<value>, MaxRequestNumber, SupportRFC5988'

/** Throws a DefinitionError that names the rule, its value and what is allowed. */
export function readPagination(given: JsonObject): PaginationRules {
  const query: [string, FromResponse][] = []
  const headers: [string, FromResponse][] = []
  const variables: [string, NumberRange][] = []
  const ends: EndCondition[] = []
  let absoluteUrl: FromResponse | null = null
  let maxRequests: number | null = null
  let links: boolean | null = null
  for (const [rule, value] of Object.entries(given)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const variable = /^(?:AbsoluteUrl|QueryParameters|Headers)\.\{([^{}]+)\}$/i.exec(rule)?.[1]
    const [, place = '', dotted, quoted] =
      /^(QueryParameters|Headers)(?:\.(.+)|\[['"](.+)['"]\])$/i.exec(rule) ?? []
    const name = dotted ?? quoted
    if (variable !== undefined) variables.push([variable, rangeOf(rule, text)])
    else if (/^AbsoluteUrl$/i.test(rule)) absoluteUrl = fromResponse(rule, text)
    else if (name !== undefined) {
      const target = place.toLowerCase() === 'headers' ? headers : query
      if (/^RANGE:/i.test(text)) throw wrong(rule, text, `RANGE goes with a variable: ${place}.{${name}}`)
      target.push([name, fromResponse(rule, text)])
    } else if (/^EndCondition:/i.test(rule)) ends.push(endOf(rule, text))
    else if (/^MaxRequestNumber$/i.test(rule)) maxRequests = wholeOf(rule, text)
    else if (/^SupportRFC5988$/i.test(rule)) links = text.toLowerCase() === 'true'
    else throw wrong(rule, text, `no such rule; rules are: ${allowed}`)
  }
  const none = absoluteUrl === null && query.length === 0 && headers.length === 0 && variables.length === 0
  return { absoluteUrl, query, headers, variables, ends, maxRequests, links: links ?? none }
}

function fromResponse(rule: string, text: string): FromResponse {
  const header = /^Headers(?:\.(.+)|\[['"](.+)['"]\])$/i.exec(text)
  const name = header?.[1] ?? header?.[2]
  if (name !== undefined) return { from: 'header', name: name.toLowerCase() }
  if (!text.startsWith('$'))
    throw wrong(rule, text, 'a value is a JSON path of the response ($.next) or Headers.<name>')
  return { from: 'body', path: parsePath(text, `paginationRules ${JSON.stringify(rule)}`) }
}

function rangeOf(rule: string, text: string): NumberRange {
  const [, start, end = '', step] = /^RANGE:(-?\d+):(-?\d*):(-?\d+)$/i.exec(text) ?? []
  if (start === undefined || step === undefined || Number(step) === 0)
    throw wrong(rule, text, 'a variable has RANGE:<start>:<end>:<step>, where <end> may be left out')
  return { start: Number(start), end: end === '' ? null : Number(end), step: Number(step) }
}

function endOf(rule: string, text: string): EndCondition {
  const of = fromResponse(rule, rule.slice('EndCondition:'.length))
  const known = (['Exist', 'NonExist', 'Empty', 'NonEmpty'] as const).find(
    (one) => one.toLowerCase() === text.toLowerCase(),
  )
  if (known !== undefined) return { of, when: known }
  if (/^Const:/i.test(text)) return { of, when: { equals: text.slice('Const:'.length) } }
  throw wrong(rule, text, 'an end condition is Empty, NonEmpty, Exist, NonExist or Const:<value>')
}

function wholeOf(rule: string, text: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text)
  throw wrong(rule, text, 'it must be a whole number of at least 1')
}

function wrong(rule: string, value: string, why: string): DefinitionError {
  return new DefinitionError(`paginationRules ${JSON.stringify(rule)}: ${JSON.stringify(value)}; ${why}`)
}

export interface Page {
  readonly body: JsonValue | undefined
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
}

/** Undefined: not there. */
export function valueIn(of: FromResponse, page: Page): JsonValue | undefined {
  if (of.from === 'header') return page.headers[of.name]
  let value: JsonValue | undefined = page.body
  for (const part of of.path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Array.isArray(value) ? (typeof part === 'number' ? value[part] : undefined) : value[part]
  }
  return value
}

export function isEnd({ of, when }: EndCondition, page: Page): boolean {
  const value = valueIn(of, page)
  if (when === 'Exist') return value !== undefined
  if (when === 'NonExist') return value === undefined
  if (when === 'Empty') return isEmpty(value)
  if (when === 'NonEmpty') return !isEmpty(value)
  return value !== undefined && (typeof value === 'string' ? value : JSON.stringify(value)) === when.equals
}

function isEmpty(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}
