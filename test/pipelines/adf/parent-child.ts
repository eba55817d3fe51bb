import { expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

/** Stock counts of regions: a child pipeline each, which hands back what it found. */
export function parentChild(plant: () => FactoryPlant): void {
  importsAlike('parent-child', { grades: { PL_CountAll: 'Ready', PL_CountRegion: 'Ready' }, findings: [] })

  it('reads what its children return, in order', async () => {
    const { put, run, read } = plant()
    const counts = { north: [2, 3], south: [1], east: [1, 1] }
    for (const [region, files] of Object.entries(counts))
      for (const [index, rows] of files.entries())
        await put(
          `stock-share/counts/${region}/${index}.csv`,
          `sku,pieces\n${Array.from({ length: rows }, (_, row) => `S${index}${row},${row}\n`).join('')}`,
        )
    const ended = await run(gitLayout('parent-child'), 'PL_CountAll')
    expect(ended).toMatchObject({
      status: 'Succeeded',
      returnValue: {
        counted: 'north:5:big:PL_CountAll;south:1:small:PL_CountAll;east:2:small:PL_CountAll',
        regions: 3,
      },
      statuses: { 'Each region': 'Succeeded', Summary: 'Succeeded' },
    })
    expect(
      ended.pipelines.map(({ pipeline, status, triggerType }) => [pipeline, status, triggerType]),
    ).toEqual([
      ...Array.from({ length: 3 }, () => ['PL_CountRegion', 'Succeeded', 'PipelineActivity']),
      ['PL_CountAll', 'Succeeded', 'Manual'],
    ])
    expect(ended.output('Count region')).toMatchObject({
      pipelineName: 'PL_CountRegion',
      pipelineReturnValue: {
        rows: 2,
        size: 'small',
        caller: 'PL_CountAll',
        checked: true,
        limits: { bigFrom: 3 },
      },
    })
    expect((await read('stock-share/merged/south.csv')).split('\r\n')).toEqual([
      '"sku","pieces","region","file"',
      '"S00","0","south","0.csv"',
      '',
    ])
  })

  it('fails with the message of the child that failed', async () => {
    const { put, run } = plant()
    await put('stock-share/counts/odd/0.csv', 'sku,pieces\nS1,1\n')
    const ended = await run(gitLayout('parent-child'), 'PL_CountRegion', {
      parameters: { region: 'nowhere' },
    })
    expect(ended).toMatchObject({
      status: 'Failed',
      message: expect.stringMatching(/^Operation on target Merge counts failed: /),
      statuses: { 'Merge counts': 'Failed', 'Is it big': 'Skipped', 'Hand back': 'Skipped' },
    })
  })
}
