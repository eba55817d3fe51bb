import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { controlActivities, otherAdfTypes, workActivities } from '../../../adf/activity/activity-types.ts'
import { functionRows } from '../../../adf/expression/function/function-table.ts'
import { linkedServiceTypes } from '../../../adf/resource/linked-service-types.ts'
import { ownActivityTypes, supportTables } from '../../../adf/support/support-tables.ts'
import { adfSupportPage } from '../../../clients/factory/write-adf-support.ts'
import { storeTypes } from '../../../stores/open-store.ts'

const tables = supportTables()
const rows = tables.flatMap(({ title, rows: all }) => all.map((row) => ({ title, ...row })))
const statusOf = (title: string, name: string) =>
  rows.find((row) => row.title === title && row.name === name)?.status

test('docs/adf-support.md is what the code says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/adf-support.md'), 'utf8')
  expect(page).toBe(adfSupportPage())
})

test('every function, activity and store that runs is in the table, and nothing else is supported', () => {
  const functions = rows.filter((row) => /functions/i.test(row.title) && row.status !== 'not')
  expect(functions.map(({ name }) => name).sort()).toEqual(functionRows.map(({ name }) => name).sort())
  const types = Object.keys({ ...controlActivities, ...workActivities })
  const activities = rows.filter(
    (row) => row.title === 'Activities' && row.status !== 'not' && !row.name.includes(': '),
  )
  expect([...activities.map(({ name }) => name), ...ownActivityTypes()].sort()).toEqual(types.sort())
  const services = rows.filter(
    (row) => row.title === 'Linked services' && row.status !== 'not' && !row.name.includes(': '),
  )
  expect(services.map(({ name }) => name).sort()).toEqual(Object.keys(linkedServiceTypes).sort())
  expect(Object.keys(linkedServiceTypes)).toEqual(expect.arrayContaining(Object.keys(storeTypes)))
})

test('types of ADF that are refused by name are not supported', () => {
  for (const type of otherAdfTypes) expect([type, statusOf('Activities', type)]).toEqual([type, 'not'])
})

test('properties are supported, without effect or absent as the schemas have them', () => {
  expect(statusOf('Activities', 'ForEach: batchCount')).toBe('supported')
  expect(rows).toContainEqual({
    title: 'Activities',
    name: 'Copy: enableStaging',
    status: 'differs',
    how: 'has no effect: rows go straight from source to sink',
  })
  expect(statusOf('Copy sources', 'DelimitedTextSource: formatSettings.skipLineCount')).toBe('supported')
  expect(statusOf('Copy sources', 'DelimitedTextSource: sourceRetryCount')).toBe('not')
  expect(statusOf('Triggers', 'ScheduleTrigger: recurrence.schedule.weekDays')).toBe('supported')
  expect(statusOf('System variables', 'pipeline().GroupId')).toBe('supported')
})

test('each row has a name of its own in its table', () => {
  const keys = rows.map(({ title, name }) => `${title}/${name}`)
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
})
