import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { evaluate } from '../../../adf/expression/evaluate.ts'
import { anyObject } from '../../../adf/resource/fields.ts'
import { resource } from '../../../adf/resource/pipeline.ts'
import { manualTrigger } from '../../../clients/start/start-run.ts'
import { triggerScope } from '../../../engine/trigger.ts'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

/** Readings of sensors, taken as each file is dropped. */
export function eventDriven(plant: () => FactoryPlant): void {
  importsAlike('event-driven', {
    grades: { PL_TakeReadings: 'Needs review' },
    findings: [
      'review stand-in typeProperties.serviceEndpoint',
      'review stand-in typeProperties.url',
      'review trigger-type type',
      'unsupported trigger-type type',
    ],
  })

  /** What the trigger's parameters make of an event, given by hand: nothing here starts runs by events. */
  const event = async (fileName: string) => {
    const file = join(gitLayout('event-driven'), 'trigger/TR_Dropped.json')
    const { properties } = resource(anyObject()).parse(JSON.parse(await readFile(file, 'utf8')))
    const body = { folderPath: 'drop/sensors/hall-3', fileName }
    const trigger = { ...manualTrigger, name: 'TR_Dropped', body }
    const [started] = z.array(z.object({ parameters: anyObject() })).parse(properties['pipelines'])
    const scope = triggerScope(trigger, '2026-03-02T08:00:00Z', { globalParameters: {} })
    const environment = { now: () => 0, guid: () => 'g', random: () => 0.5 }
    return { parameters: anyObject().parse(evaluate(started?.parameters ?? {}, scope, environment)) }
  }
  const place = 'LS_SensorDrop/drop/sensors/hall-3'

  it("takes the file that the trigger's parameters name, and logs the row that does not fit", async () => {
    const { put, start, runOf, rows, files, read } = plant()
    const handle = await start(gitLayout('event-driven'), 'PL_TakeReadings', await event('r1.csv'))
    // The file comes late: the pipeline waits for it.
    await put(
      `${place}/r1.csv`,
      'at,celsius,ok,note\n2026-03-02T08:00:00,21.5,true,\n2026-03-02T08:01:00,warm,true,x\n2026-03-02T08:02:00,22,false,\n',
    )
    const ended = await runOf(handle)
    expect(ended).toMatchObject({
      status: 'Succeeded',
      statuses: { 'Wait until whole': 'Succeeded', 'Four columns': 'Succeeded' },
    })
    expect(ended.output('Look')).toMatchObject({ itemName: 'r1.csv', columnCount: 4 })
    expect(ended.output('Take')).toMatchObject({ rowsRead: 3, rowsCopied: 2, rowsSkipped: 1 })
    const file = '$stores/LS_SensorLake/bronze/readings/hall-3/r1.parquet'
    expect(await rows(`SELECT sensor, celsius, ok FROM '${file}' ORDER BY "at"`)).toEqual([
      ['hall-3', 21.5, true],
      ['hall-3', 22, false],
    ])
    const [log = ''] = await files('LS_SensorLake/bronze/logs')
    expect(await read(`LS_SensorLake/bronze/logs/${log}`)).toContain('warm')
  })

  it('fails by its own code on a file of another shape', async () => {
    const { put, run } = plant()
    await put(`${place}/r2.csv`, 'at,celsius\n2026-03-02T08:00:00,21.5\n')
    const ended = await run(gitLayout('event-driven'), 'PL_TakeReadings', await event('r2.csv'))
    expect(ended.status).toBe('Failed')
    expect(ended.activities.find((row) => row.activity === 'Strange file')?.error).toMatchObject({
      errorCode: 'SHAPE',
      message: 'r2.csv has 2 columns',
    })
  })
}
