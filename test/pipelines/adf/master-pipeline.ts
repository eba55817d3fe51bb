import { expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

/** The nightly load of a finance department: one pipeline that starts all others. */
export function masterPipeline(plant: () => FactoryPlant): void {
  importsAlike('master-pipeline', {
    grades: { PL_LoadDomain: 'Ready', PL_Master: 'Ready', PL_Report: 'Ready', PL_Tidy: 'Ready' },
    findings: ['note annotations annotations'],
  })

  const extracts = { ledger: [3, 2], invoices: [4], payments: [1] }

  it.each([
    ['Full', 10, ['ledger', 'invoices', 'payments']],
    ['delta', 5, ['invoices', 'payments']],
  ])('loads what the mode %s asks for', async (mode, total, domains) => {
    const { put, run, rows, files } = plant()
    for (const [domain, counts] of Object.entries(extracts))
      for (const [index, count] of counts.entries())
        await put(
          `finance-share/extract/${domain}/${index}.csv`,
          `id,value\n${Array.from({ length: count }, (_, id) => `${id},${id * 2}\n`).join('')}`,
        )
    const ended = await run(gitLayout('master-pipeline'), 'PL_Master', {
      parameters: { mode, day: '2026-03-02T01:30:00Z' },
    })
    expect(ended).toMatchObject({
      status: 'Succeeded',
      returnValue: { report: `loaded ${total} rows on 02.03.2026`, tidy: true },
    })
    const loads = ended.pipelines.filter(({ pipeline }) => pipeline === 'PL_LoadDomain')
    expect(loads.map(({ parameters }) => JSON.stringify(parameters['domain'])).toSorted()).toEqual(
      domains.map((one) => JSON.stringify(one)).toSorted(),
    )
    expect(await files('finance-share/loaded/payments')).toEqual([
      expect.stringMatching(/^part_00000\.parquet$/),
    ])
    expect(
      await rows("SELECT DISTINCT currency FROM '$stores/finance-share/loaded/invoices/*.parquet'"),
    ).toEqual([['EUR']])
  })

  it('refuses a mode that it does not know, and starts nothing', async () => {
    const ended = await plant().run(gitLayout('master-pipeline'), 'PL_Master', {
      parameters: { mode: 'some', day: '2026-03-02T01:30:00Z' },
    })
    expect(ended).toMatchObject({
      status: 'Failed',
      statuses: { 'Which load': 'Failed', 'Load quick ones': 'Skipped' },
    })
    expect(ended.pipelines).toHaveLength(1)
    expect(ended.activities.find((row) => row.activity === 'Unknown mode')?.error).toMatchObject({
      errorCode: 'MODE',
    })
  })
}
