import { expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

/** Climate data by station and year: a loop in a loop through ExecutePipeline, as ADF wants it, and directly. */
export function nestedLoops(plant: () => FactoryPlant): void {
  importsAlike('nested-loops', {
    grades: { PL_AllStations: 'Ready', PL_DirectNest: 'Ready', PL_Station: 'Ready' },
    findings: ['note adf-limits activities["Each tier"].typeProperties.activities["Each number"].type'],
  })

  it('loads every year of every open station', async () => {
    const { put, run, read, files } = plant()
    const year = (station: string) =>
      JSON.stringify({
        station,
        months: [
          { month: 1, mean: -2.5 },
          { month: 2, mean: 0.25 },
        ],
      })
    for (const path of ['KLN/2023', 'KLN/2024', 'OSL/2024']) {
      const [station = ''] = path.split('/')
      await put(`climate-share/in/${path}.json`, year(station))
    }
    const stations = [
      { code: 'OSL', from: 2024, years: 1 },
      { code: 'OLD', from: 1999, years: 5 },
      { code: 'KLN', from: 2023, years: 2 },
    ]
    const ended = await run(gitLayout('nested-loops'), 'PL_AllStations', { parameters: { stations } })
    expect(ended).toMatchObject({
      status: 'Succeeded',
      returnValue: { loaded: 'KLN=2,OSL=1', skipped: 'OLD' },
    })
    expect(ended.pipelines.map(({ pipeline }) => pipeline).toSorted()).toEqual([
      'PL_AllStations',
      'PL_Station',
      'PL_Station',
    ])
    expect(await files('climate-share/out')).toEqual(['KLN/2023.csv', 'KLN/2024.csv', 'OSL/2024.csv'])
    expect((await read('climate-share/out/OSL/2024.csv')).split('\r\n')).toEqual([
      'station;month;mean',
      'OSL;1;-2.5',
      'OSL;2;0.25',
      '',
    ])
  })

  it('fails when one year is missing, after all others were loaded', async () => {
    const { put, run, files } = plant()
    await put('climate-share/in/GAP/2023.json', '{"station":"GAP","months":[{"month":1,"mean":1}]}')
    await put('climate-share/in/GAP/2025.json', '{"station":"GAP","months":[{"month":1,"mean":1}]}')
    const ended = await run(gitLayout('nested-loops'), 'PL_Station', {
      parameters: { station: 'GAP', fromYear: 2023, years: 3 },
    })
    expect(ended).toMatchObject({
      status: 'Failed',
      statuses: { 'Each year': 'Failed', Years: 'Skipped' },
      message: expect.stringMatching(
        /^Operation on target Each year failed: Activity failed because an inner activity failed; Inner activity name: Flatten year, Error: /,
      ),
    })
    expect(await files('climate-share/out/GAP')).toEqual(['2023.csv', '2025.csv'])
  })

  it('walks a loop inside a loop in order', async () => {
    const ended = await plant().run(gitLayout('nested-loops'), 'PL_DirectNest')
    expect(ended).toMatchObject({
      status: 'Succeeded',
      returnValue: { cells: '123123123', rows: 'abc' },
    })
    const paths = ended.activities.filter((row) => row.activity === 'Cell').map((row) => row.iterationPath)
    expect(paths).toEqual(['0.0', '0.1', '0.2', '1.0', '1.1', '1.2', '2.0', '2.1', '2.2'])
  })
}
