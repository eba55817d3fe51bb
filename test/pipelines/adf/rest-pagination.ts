import { expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { httpServer } from '../../support/http-server.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

const customers = ['Ada', 'Ben', 'Cleo', 'Dora', 'Eli'].map((name, index) => ({
  id: index + 1,
  name,
  address: { town: `town ${index + 1}` },
}))
const orders = Array.from({ length: 7 }, (_, index) => ({
  id: 100 + index,
  customer: (index % 5) + 1,
  amount: index + 0.5,
}))

/** An API of orders: customers by next links, orders by offset. */
export function restPagination(plant: () => FactoryPlant): void {
  importsAlike('rest-pagination', {
    grades: { PL_PullOrders: 'Needs review' },
    findings: [
      'note annotations annotations',
      'note key-vault typeProperties.authHeaders["x-api-key"]',
      'note unused-property typeProperties.baseUrl',
      'review stand-in typeProperties.url',
    ],
  })

  const api = async (days: readonly string[]) => {
    const server = await httpServer(({ url, headers }) => {
      if (headers['x-api-key'] !== 'k-123') return { status: 401, body: 'who are you' }
      const { pathname, searchParams } = new URL(url, 'http://api')
      if (pathname === '/customers') {
        const page = Number(searchParams.get('page') ?? 0)
        const next = page < 2 ? { next: `${server.url}/customers?size=2&page=${page + 1}` } : {}
        return { body: { items: customers.slice(page * 2, page * 2 + 2), links: next } }
      }
      const offset = Number(searchParams.get('offset'))
      const known = days.includes(searchParams.get('day') ?? '') ? orders : []
      return { body: { orders: known.slice(offset, offset + 3) } }
    })
    return server
  }

  it('pulls every page of both, with the key of the vault', async () => {
    const { run, read, rows, secret } = plant()
    await secret('LS_OrdersVault', 'orders-api-key', 'k-123')
    const server = await api(['2026-03-02'])
    const ended = await run(gitLayout('rest-pagination'), 'PL_PullOrders', {
      parameters: { apiUrl: server.url, day: '2026-03-02' },
    })
    expect(ended).toMatchObject({ status: 'Succeeded', returnValue: { customers: 5, orders: 7 } })
    const lines = (await read('LS_OrdersLake/raw/customers/2026-03-02.json')).trim().split(/\r?\n/)
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      customers.map(({ id, name, address }) => ({ customerId: id, name, town: address.town })),
    )
    const file = '$stores/LS_OrdersLake/silver/orders/2026-03-02.parquet'
    expect(await rows(`SELECT count(*)::int, sum(amount), max(order_id)::int FROM '${file}'`)).toEqual([
      [7, 24.5, 106],
    ])
    const asked = server.requests.map(({ url }) => url)
    expect(asked.filter((url) => url.startsWith('/customers'))).toHaveLength(3)
    expect(asked.filter((url) => url.startsWith('/orders'))).toEqual(
      [0, 3, 6, 9].map((offset) => `/orders?day=2026-03-02&limit=3&offset=${offset}`),
    )
  })

  it('fails by its own code on a day without orders', async () => {
    const { run, secret } = plant()
    await secret('LS_OrdersVault', 'orders-api-key', 'k-123')
    const { url } = await api([])
    const ended = await run(gitLayout('rest-pagination'), 'PL_PullOrders', {
      parameters: { apiUrl: url, day: '2026-03-04' },
    })
    expect(ended).toMatchObject({ status: 'Failed', statuses: { Anything: 'Failed', Counts: 'Skipped' } })
    expect(ended.activities.find((row) => row.activity === 'No orders')?.error).toMatchObject({
      errorCode: 'NO-ORDERS',
      message: 'no orders on 2026-03-04',
    })
  })
}
