import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseSelect } from '../../../tables/build/parse.ts'
import { openFixture } from '../../tables/fixture.ts'

const factory = join(import.meta.dirname, '../../../factories/gelsight')
const pipelines = (await readdir(join(factory, 'pipeline'))).toSorted()

const pipelineSchema = z.object({
  properties: z.object({
    activities: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        dependsOn: z.array(z.object({ activity: z.string() })).default([]),
        typeProperties: z.looseObject({ table: z.string().optional() }).optional(),
      }),
    ),
  }),
})

/** In a build that does not wait, a retry of the other one (a full disk, a lost worker) leaves out what it would have read. */
test.each(pipelines)('each build of %s waits for the builds of the tables that it reads', async (file) => {
  await using fixture = await openFixture()
  const { activities } = pipelineSchema.parse(
    load(await readFile(join(factory, 'pipeline', file), 'utf8')),
  ).properties
  const before = (name: string): string[] =>
    (activities.find((one) => one.name === name)?.dependsOn ?? []).flatMap(({ activity }) => [
      activity,
      ...before(activity),
    ])
  const builds = activities.flatMap(({ name, type, typeProperties }) =>
    type === 'BuildTable' && typeProperties?.table !== undefined
      ? [{ name, table: typeProperties.table }]
      : [],
  )
  const missing: string[] = []
  for (const { name, table } of builds) {
    const sqlFile = join(factory, 'table', `${table.split('.')[1]}.sql`)
    const sql = await readFile(sqlFile, 'utf8')
    const { inputs } = await fixture.duckdb.session(async (connection) =>
      parseSelect(connection, sql, sqlFile),
    )
    for (const other of builds) {
      if (other.name === name || !inputs.includes(other.table)) continue
      if (!before(name).includes(other.name)) missing.push(`${name} reads ${other.table} of ${other.name}`)
    }
  }
  expect(missing).toEqual([])
})
