import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonValue } from '../../../adf/json.ts'
import type { RestStore } from '../../../stores/rest-service.ts'
import { parsed, serviceFailure } from '../../web/call.ts'
import { isEnd, type Page, type PaginationRules, valueIn } from './pagination.ts'

export interface RestCall {
  readonly method: string
  /** With `{variable}` where rules have some. */
  readonly relativeUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
  /** Pause between two pages. */
  readonly intervalMs: number
}

export interface RestPage {
  readonly body: JsonValue
  /** Bytes of the response's text. */
  readonly bytes: number
}

interface Next {
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
}

/** Says the same thing again for ever: the next page would be the one before. */
const longestChain = 1_000_000

/**
 * Page after page, as the rules say. Ends with 204, when a value that the next request needs is not there, when a range is used up, at an end
 * condition or at the greatest number of requests. A status outside 200 to 299 fails.
 */
export async function* restPages(
  store: RestStore,
  call: RestCall,
  rules: PaginationRules,
  signal: AbortSignal,
): AsyncGenerator<RestPage> {
  const most = Math.min(rules.maxRequests ?? longestChain, longestChain)
  let next: Next | null = { address: call.relativeUrl, headers: call.headers }
  for (let request = 0; next !== null && request < most; request += 1) {
    const filled = fill(next, rules, request)
    if (filled === null) return
    if (request > 0 && call.intervalMs > 0) await sleep(call.intervalMs, undefined, { signal })
    const { method, body, timeoutMs } = call
    const response = await store.send({ method, ...filled, body, timeoutMs, signal })
    if (response.status === 204) return
    if (response.status < 200 || response.status > 299)
      throw serviceFailure(
        '23353',
        `${method} ${store.address(filled.address)} answered ${response.status} ${response.statusText}: ${response.text.slice(0, 500)}`,
      )
    const value = parsed(response.text)
    if (value === undefined)
      throw serviceFailure(
        '23353',
        `${method} ${store.address(filled.address)} answered with no JSON: ${response.text.slice(0, 200)}`,
      )
    // JSON.parse gives nothing else.
    const page: Page = { body: value as JsonValue, headers: response.headers }
    yield { body: value as JsonValue, bytes: Buffer.byteLength(response.text) }
    next = rules.ends.some((end) => isEnd(end, page)) ? null : following(next, page, rules)
  }
}

/** The request with its variables' values; null: a range is used up. */
function fill(next: Next, { variables }: PaginationRules, request: number): Next | null {
  let { address } = next
  const headers = { ...next.headers }
  for (const [name, { start, end, step }] of variables) {
    const value = start + request * step
    if (end !== null && (step > 0 ? value > end : value < end)) return null
    address = address.replaceAll(`{${name}}`, String(value))
    for (const [header, text] of Object.entries(headers))
      headers[header] = text.replaceAll(`{${name}}`, String(value))
  }
  return { address, headers }
}

function following(last: Next, page: Page, rules: PaginationRules): Next | null {
  const { absoluteUrl, query, headers, variables, links } = rules
  let { address } = last
  let changed = variables.length > 0
  const added: Record<string, string> = { ...last.headers }
  if (absoluteUrl !== null) {
    const value = textOf(valueIn(absoluteUrl, page))
    if (value === null) return null
    address = value
    changed = true
  }
  for (const [name, of] of query) {
    const value = textOf(valueIn(of, page))
    if (value === null) return null
    address = withQuery(address, name, value)
    changed = true
  }
  for (const [name, of] of headers) {
    const value = textOf(valueIn(of, page))
    if (value === null) return null
    added[name] = value
    changed = true
  }
  if (!changed && links) {
    const link = nextLink(page.headers['link'] ?? '')
    return link === null ? null : { address: link, headers: added }
  }
  return changed ? { address, headers: added } : null
}

function withQuery(address: string, name: string, value: string): string {
  const [path = '', given = ''] = address.split('?', 2)
  const parameters = new URLSearchParams(given)
  parameters.set(name, value)
  return `${path}?${parameters.toString()}`
}

/** RFC 5988: `<https://api/items?page=2>; rel="next"`. */
function nextLink(header: string): string | null {
  for (const part of header.split(/,(?=\s*<)/)) {
    const [, address, parameters = ''] = /^\s*<([^>]+)>(.*)$/s.exec(part) ?? []
    if (address !== undefined && /;\s*rel\s*=\s*"?next"?/i.test(parameters)) return address
  }
  return null
}

function textOf(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null || value === '') return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
