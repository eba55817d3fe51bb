import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../../adf/json.ts'
import { kindOf } from '../../../adf/plan/factory-source.ts'
import { editorSchemas, jsonSchema } from '../../../adf/resource/json-schema.ts'
import { testFile } from '../../../testing/read-tests.ts'
import { parseText } from '../../../adf/text/parse-text.ts'
import { readFactory } from '../../../clients/factory/read-factory.ts'
import { join } from 'node:path'

const schemas: Readonly<Record<string, JsonObject>> = { ...editorSchemas(), test: jsonSchema(testFile) }
const ajv = new Ajv({ allErrors: true, strict: false, allowUnionTypes: true })

function errors(kind: string, value: JsonValue | undefined): string[] {
  const schema = schemas[kind]
  if (schema === undefined) throw new Error(`no schema of ${kind}`)
  const valid = ajv.validate(schema, value)
  return valid ? [] : (ajv.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
}

test.each(['gelsight', 'hello'])('an editor finds nothing wrong in factories/%s', async (name) => {
  const { source } = await readFactory(join(import.meta.dirname, '../../../factories', name))
  const found = source.files.flatMap(({ path, text }) => {
    const kind = kindOf(path)
    if (kind === 'other' || kind === 'adfFactory' || text === null) return []
    return errors(kind, parseText(text).value).map((error) => `${path} ${error}`)
  })
  expect(found).toEqual([])
})

test.each<[title: string, kind: string, text: string, error: string]>([
  [
    'a property that is not there',
    'pipeline',
    'properties: { activties: [] }',
    '/properties must NOT have additional properties',
  ],
  [
    'an unknown activity type',
    'pipeline',
    'properties: { activities: [{ name: a, type: Wiat }] }',
    '/properties/activities/0/type must be equal to one of the allowed values',
  ],
  [
    'a wrong property inside an inner activity',
    'pipeline',
    'properties: { activities: [{ name: a, type: ForEach, typeProperties: { items: [], activities: [{ name: b, type: Wait, typeProperties: { seconds: 1 } }] } }] }',
    '/properties/activities/0/typeProperties/activities/0/typeProperties must NOT have additional properties',
  ],
  [
    'a number where a work activity wants one',
    'pipeline',
    'properties: { activities: [{ name: a, type: FindScans, typeProperties: { batch: b, chunkSize: many } }] }',
    '/properties/activities/0/typeProperties/chunkSize must be integer',
  ],
  [
    'a frequency that is not there',
    'trigger',
    'properties: { type: ScheduleTrigger, typeProperties: { recurrence: { frequency: Daily } } }',
    '/properties/typeProperties/recurrence/frequency must be equal to one of the allowed values',
  ],
])('an editor marks %s', (_, kind, text, error) => {
  expect(errors(kind, parseText(text).value)).toContain(error)
})

test('an editor accepts an expression where a number is wanted', () => {
  const text = `properties: { activities: [{ name: a, type: FindScans, typeProperties: { batch: b, chunkSize: "@int('3')" } }] }`
  expect(errors('pipeline', parseText(text).value)).toEqual([])
})
