import { describe, expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { httpServer } from '../../support/http-server.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

interface Case {
  readonly pipeline: string
  /** Path of the request that the gateway refuses; none: all goes well. */
  readonly refuses: string
  readonly status: 'Succeeded' | 'Failed'
  readonly statuses: Readonly<Record<string, string>>
}

const well = 'nothing'
const [ok, failed, skipped] = ['Succeeded', 'Failed', 'Skipped']

const cases: readonly Case[] = [
  {
    pipeline: 'PL_TryCatch',
    refuses: well,
    status: 'Succeeded',
    statuses: { 'Post settlement': ok, 'Raise alert': skipped },
  },
  {
    pipeline: 'PL_TryCatch',
    refuses: '/settlements',
    status: 'Succeeded',
    statuses: { 'Post settlement': failed, 'Raise alert': ok },
  },
  {
    pipeline: 'PL_DoIfElse',
    refuses: well,
    status: 'Succeeded',
    statuses: { 'Post settlement': ok, Confirm: ok, 'Raise alert': skipped },
  },
  {
    pipeline: 'PL_DoIfElse',
    refuses: '/settlements',
    status: 'Failed',
    statuses: { 'Post settlement': failed, Confirm: skipped, 'Raise alert': ok },
  },
  {
    pipeline: 'PL_DoIfSkipElse',
    refuses: well,
    status: 'Succeeded',
    statuses: { 'Post settlement': ok, Confirm: ok, 'Raise alert': skipped, 'Nothing to confirm': skipped },
  },
  {
    pipeline: 'PL_DoIfSkipElse',
    refuses: '/settlements',
    status: 'Succeeded',
    statuses: { 'Post settlement': failed, Confirm: skipped, 'Raise alert': ok, 'Nothing to confirm': ok },
  },
  {
    pipeline: 'PL_OneHandlerForAll',
    refuses: well,
    status: 'Succeeded',
    statuses: { 'Post settlement': ok, Book: ok, Confirm: ok, 'Roll back': skipped },
  },
  {
    pipeline: 'PL_OneHandlerForAll',
    refuses: '/bookings',
    status: 'Succeeded',
    statuses: { 'Post settlement': ok, Book: failed, Confirm: skipped, 'Roll back': ok },
  },
]

/** Patterns of error handling around a payment gateway. */
export function errorHandling(plant: () => FactoryPlant): void {
  importsAlike('error-handling', {
    grades: {
      PL_DoIfElse: 'Needs review',
      PL_DoIfSkipElse: 'Ready',
      PL_OneHandlerForAll: 'Ready',
      PL_TryCatch: 'Ready',
      PL_TryCatchProceed: 'Ready',
    },
    findings: ['review do-if-else activities["Raise alert"].dependsOn'],
  })

  const gateway = (refused: string) =>
    httpServer(({ url }) => (url === refused ? { status: 503, body: 'closed' } : { body: { id: 7 } }))
  const run = (pipeline: string, gatewayUrl: string) =>
    plant().run(gitLayout('error-handling'), pipeline, { parameters: { gatewayUrl, day: '2026-03-02' } })

  describe.each(cases)('$pipeline when the gateway refuses $refuses', (one) => {
    it(`ends ${one.status}`, async () => {
      const { url, requests } = await gateway(one.refuses)
      const ended = await run(one.pipeline, url)
      expect(ended).toMatchObject({ status: one.status, statuses: one.statuses })
      expect(requests.length).toBe(
        Object.entries(one.statuses).filter(
          ([name, status]) => status !== skipped && name !== 'Nothing to confirm',
        ).length,
      )
      if (one.status === 'Failed')
        expect(ended.message).toMatch(/^Operation on target Post settlement failed: .*503/)
      if (one.statuses['Raise alert'] === ok)
        expect(JSON.parse(requests.find(({ url: path }) => path === '/alerts')?.body ?? '')).toEqual({
          pipeline: one.pipeline,
          code: '2108',
          run: ended.pipelines[0]?.runId,
        })
    })
  })

  it.each([
    [well, { outcome: 'posted as 7', handled: 'no' }],
    ['/settlements', { outcome: 'failed with 2108', handled: 'yes' }],
  ])('PL_TryCatchProceed goes on when the gateway refuses %s', async (refused, returnValue) => {
    const { url } = await gateway(refused)
    expect(await run('PL_TryCatchProceed', url)).toMatchObject({ status: 'Succeeded', returnValue })
  })
}
