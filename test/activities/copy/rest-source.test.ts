import { expect, test } from 'vitest'
import type { JsonObject } from '../../../adf/json.ts'
import type { ResolvedDataset } from '../../../adf/run/run.ts'
import { type Answer, httpServer, type ReceivedRequest } from '../../support/http-server.ts'
import { copyPlant, csv, dataset } from './copying.ts'

const rows = Array.from({ length: 7 }, (_, index) => ({ id: index + 1, name: `n${index + 1}` }))

const query = ({ url }: ReceivedRequest): URLSearchParams => new URL(url, 'http://x').searchParams

/** Two rows a page, by what each paging convention asks for. */
const conventions: readonly {
  readonly title: string
  readonly relativeUrl: string
  readonly rules: JsonObject
  readonly more?: JsonObject
  readonly answer: (request: ReceivedRequest, base: () => string) => Answer
  readonly requests: number
}[] = [
  {
    title: 'an absolute URL in the body',
    relativeUrl: 'items',
    rules: { AbsoluteUrl: '$.next' },
    answer: (request, base) => {
      const from = Number(query(request).get('from') ?? 0)
      const more = from + 2 < rows.length
      return {
        body: {
          value: rows.slice(from, from + 2),
          ...(more && { next: `${base()}/items?from=${from + 2}` }),
        },
      }
    },
    requests: 4,
  },
  {
    title: 'a continuation token as a query parameter',
    relativeUrl: 'items?top=2',
    rules: { 'QueryParameters.token': '$.meta.token' },
    answer: (request): Answer => {
      const from = Number(query(request).get('token') ?? 0)
      const token = from + 2 < rows.length ? from + 2 : null
      return { body: { value: rows.slice(from, from + 2), meta: { token } } }
    },
    requests: 4,
  },
  {
    title: 'a token from a header as a header',
    relativeUrl: 'items',
    rules: { "Headers['x-next']": 'Headers.x-next' },
    answer: ({ headers }): Answer => {
      const from = Number(headers['x-next'] ?? 0)
      return {
        headers: from + 2 < rows.length ? { 'x-next': String(from + 2) } : {},
        body: { value: rows.slice(from, from + 2) },
      }
    },
    requests: 4,
  },
  {
    title: 'an offset in a range until the page is empty',
    relativeUrl: 'items?offset={offset}',
    rules: { 'QueryParameters.{offset}': 'RANGE:0::2', 'EndCondition:$.value': 'Empty' },
    answer: (request): Answer => {
      const from = Number(query(request).get('offset'))
      return { body: { value: rows.slice(from, from + 2) } }
    },
    requests: 5,
  },
  {
    title: 'page numbers in a range with an end, in the path',
    relativeUrl: 'items/{page}',
    rules: { 'AbsoluteUrl.{page}': 'RANGE:1:4:1' },
    answer: ({ url }) => {
      const page = Number(url.split('/').at(-1))
      return { body: { value: rows.slice(page * 2 - 2, page * 2) } }
    },
    requests: 4,
  },
  {
    title: 'a Link header, without any rule',
    relativeUrl: 'items',
    rules: {},
    answer: (request): Answer => {
      const from = Number(query(request).get('from') ?? 0)
      const link = `</items?from=0>; rel="first", </items?from=${from + 2}>; rel="next"`
      return {
        headers: from + 2 < rows.length ? { link } : {},
        body: { value: rows.slice(from, from + 2) },
      }
    },
    requests: 4,
  },
  {
    title: 'a flag in the body',
    relativeUrl: 'items?page={page}',
    rules: { 'QueryParameters.{page}': 'RANGE:0::1', 'EndCondition:$.done': 'Const:true' },
    answer: (request): Answer => {
      const from = Number(query(request).get('page')) * 2
      return { body: { value: rows.slice(from, from + 2), done: from + 2 >= rows.length } }
    },
    requests: 4,
  },
]

const linkedService = (url: string, more: JsonObject = {}) => ({
  name: 'api',
  type: 'RestService',
  typeProperties: { url, authenticationType: 'Anonymous', ...more },
})

function resource(url: string, relativeUrl: string, more: JsonObject = {}): ResolvedDataset {
  return {
    name: 'items',
    type: 'RestResource',
    typeProperties: { relativeUrl },
    linkedService: linkedService(url, more),
  }
}

const translator = {
  type: 'TabularTranslator',
  collectionReference: "$['value']",
  mappings: [
    { source: { path: "['id']" }, sink: { name: 'id' } },
    { source: { path: "['name']" }, sink: { name: 'name' } },
  ],
}

const output = dataset('DelimitedText', 'out', 'items.csv', csv)
const expected = `id,name\r\n${rows.map(({ id, name }) => `${id},${name}\r\n`).join('')}`

for (const { title, relativeUrl, rules, answer, requests } of conventions) {
  test(`reads all pages by ${title}`, async () => {
    const server = await httpServer((request) => answer(request, () => server.url))
    const plant = await copyPlant()
    const result = await plant.copy(
      {
        source: { type: 'RestSource', paginationRules: rules },
        sink: { type: 'DelimitedTextSink' },
        translator,
      },
      resource(server.url, relativeUrl),
      output,
    )
    expect(await plant.read('out/items.csv')).toBe(expected)
    expect(result).toMatchObject({ rowsRead: 7, rowsCopied: 7 })
    expect(server.requests).toHaveLength(requests)
  })
}

test('a page that is an array gives a row for each element, and constants may be added', async () => {
  const server = await httpServer(() => ({ body: rows.slice(0, 2) }))
  const plant = await copyPlant()
  const source = { type: 'RestSource', additionalColumns: [{ name: 'from', value: 'api' }] }
  await plant.copy({ source, sink: { type: 'DelimitedTextSink' } }, resource(server.url, 'items'), output)
  expect(await plant.read('out/items.csv')).toBe('id,name,from\r\n1,n1,api\r\n2,n2,api\r\n')
})

test('ends at MaxRequestNumber, and with 204', async () => {
  const plant = await copyPlant()
  const server = await httpServer((request) =>
    query(request).get('page') === '3' ? { status: 204 } : { body: [{ page: query(request).get('page') }] },
  )
  const copyWith = async (rules: JsonObject) => {
    const source = { type: 'RestSource', paginationRules: { 'QueryParameters.{p}': 'RANGE:1::1', ...rules } }
    const sink = { type: 'DelimitedTextSink' }
    return (await plant.copy({ source, sink }, resource(server.url, 'items?page={p}'), output))['rowsCopied']
  }
  expect(await copyWith({ MaxRequestNumber: '1' })).toBe(1)
  expect(await copyWith({})).toBe(2)
})

test('sends method, body, headers and the service’s credentials', async () => {
  const server = await httpServer(() => ({ body: [{ a: 1 }] }))
  const plant = await copyPlant()
  const password = { type: 'SecureString', value: 'p' }
  const authHeaders = {
    'x-key': { type: 'AzureKeyVaultSecret', store: { referenceName: 'kv' }, secretName: 'k' },
  }
  const source = {
    type: 'RestSource',
    requestMethod: 'POST',
    requestBody: '{"q":1}',
    additionalHeaders: { 'X-Team': 'metrology' },
  }
  await plant.copy(
    { source, sink: { type: 'DelimitedTextSink' } },
    resource(server.url, 'search', { authenticationType: 'Basic', userName: 'u', password, authHeaders }),
    output,
  )
  expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/search', body: '{"q":1}' })
  expect(server.requests[0]?.headers).toMatchObject({
    authorization: `Basic ${Buffer.from('u:p').toString('base64')}`,
    'x-key': 'secret',
    'x-team': 'metrology',
    'content-type': 'application/json',
  })
})

test.each<[title: string, answer: Answer, rules: JsonObject, message: RegExp]>([
  [
    'a failing page',
    { status: 500, body: 'boom' },
    {},
    /GET http:\/\/127\.0\.0\.1:\d+\/items answered 500 .*boom/,
  ],
  ['text', { body: 'hello' }, {}, /answered with no JSON: hello/],
  [
    'an unknown rule',
    {},
    { Next: '$.x' },
    /paginationRules "Next": "\$\.x"; no such rule; rules are: AbsoluteUrl, /,
  ],
  ['a range that is none', {}, { 'QueryParameters.{p}': 'RANGE:a:b' }, /RANGE:<start>:<end>:<step>/],
  [
    'an end condition that is none',
    {},
    { 'EndCondition:$.a': 'Never' },
    /Empty, NonEmpty, Exist, NonExist or Const/,
  ],
])('fails clearly on %s, and leaves no file', async (_title, answer, rules, message) => {
  const server = await httpServer(() => answer)
  const plant = await copyPlant()
  const source = { type: 'RestSource', paginationRules: rules }
  const copied = plant.copy(
    { source, sink: { type: 'DelimitedTextSink' } },
    resource(server.url, 'items'),
    output,
  )
  await expect(copied).rejects.toThrow(message)
  expect(await plant.files()).toEqual([])
})

test('reads a file behind an HTTP address', async () => {
  const server = await httpServer(({ url }) =>
    url === '/data/orders.csv?sig=1' ? { body: 'id\n1\n2\n' } : { status: 404 },
  )
  const plant = await copyPlant()
  const http = {
    name: 'web',
    type: 'HttpServer',
    typeProperties: { url: `${server.url}/data`, authenticationType: 'Anonymous' },
  }
  const file = (relativeUrl: string): ResolvedDataset => ({
    name: 'orders',
    type: 'DelimitedText',
    typeProperties: { ...csv, location: { type: 'HttpServerLocation', relativeUrl } },
    linkedService: http,
  })
  const properties = { source: { type: 'DelimitedTextSource' }, sink: { type: 'DelimitedTextSink' } }
  await plant.copy(properties, file('orders.csv?sig=1'), output)
  expect(await plant.read('out/items.csv')).toBe('id\r\n1\r\n2\r\n')
  await expect(plant.copy(properties, file('gone.csv'), output)).rejects.toThrow(
    /\/data\/gone\.csv is not in the store/,
  )
})
