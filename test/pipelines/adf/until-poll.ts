import { expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { httpServer } from '../../support/http-server.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

/** A forecasting service: submit, ask until it has ended, fetch the result, have a person approve it. */
export function untilPoll(plant: () => FactoryPlant): void {
  importsAlike('until-poll', {
    grades: { PL_Forecast: 'Needs review' },
    findings: ['review stand-in typeProperties.connectionString'],
  })

  const service = (states: readonly string[]) => {
    let asked = 0
    return httpServer(async ({ method, url, body }) => {
      if (method === 'POST' && url === '/jobs')
        return { body: { jobId: 'f-1', given: JSON.parse(body) as unknown } }
      if (url === '/jobs/f-1') return { body: { state: states[asked++] ?? 'done', reason: 'no data' } }
      if (url === '/jobs/f-1/result.csv') return { body: 'day,pieces\n1,10\n2,12\n' }
      const { callBackUri } = JSON.parse(body) as { callBackUri: string }
      const answer = { Output: { by: 'Ines' }, StatusCode: 200 }
      // The callback comes after the answer, as a person's does.
      setImmediate(() => void fetch(callBackUri, { method: 'POST', body: JSON.stringify(answer) }))
      return { status: 202, body: {} }
    })
  }

  it('asks until the job has ended, fetches its result and waits for the approval', async () => {
    const { run, rows } = plant()
    const { url, requests } = await service(['queued', 'running', 'done'])
    const ended = await run(gitLayout('until-poll'), 'PL_Forecast', {
      parameters: { serviceUrl: url, horizon: 3, pauseSeconds: 1 },
    })
    expect(ended).toMatchObject({
      status: 'Succeeded',
      returnValue: { states: 'queued,running,done', approvedBy: 'Ines' },
    })
    expect(ended.output('Submit')).toMatchObject({ jobId: 'f-1', given: { horizon: 3 } })
    expect(ended.activities.filter((row) => row.activity === 'Ask')).toHaveLength(3)
    expect(ended.output('Fetch')).toMatchObject({ rowsRead: 2, rowsCopied: 2, filesWritten: 1 })
    expect(
      await rows(`SELECT day, pieces FROM '$stores/LS_ForecastLake/models/forecasts/f-1.parquet' ORDER BY 1`),
    ).toEqual([
      ['1', '10'],
      ['2', '12'],
    ])
    expect(requests.at(-1)?.url).toBe('/approvals')
  })

  it('fails with the reason of a job that broke', async () => {
    const { url } = await service(['queued', 'broken'])
    const ended = await plant().run(gitLayout('until-poll'), 'PL_Forecast', {
      parameters: { serviceUrl: url, pauseSeconds: 1 },
    })
    expect(ended).toMatchObject({
      status: 'Failed',
      statuses: { 'Until ended': 'Succeeded', Done: 'Failed', 'Have it approved': 'Skipped' },
      message:
        'Operation on target Done failed: Activity failed because an inner activity failed; Inner activity name: Forecast broke, Error: forecast f-1 ended as broken: no data',
    })
  })
}
