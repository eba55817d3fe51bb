import type { z } from 'zod'
import { controlActivities, workActivities } from '../activity/activity-types.ts'
import { copySinkTypes } from '../activity/copy/sink-types.ts'
import { copySourceTypes } from '../activity/copy/source-types.ts'
import { workActivity } from '../activity/fields.ts'
import { functionRows } from '../expression/function/function-table.ts'
import type { JsonObject } from '../json.ts'
import { systemVariables } from '../plan/resolve-activities.ts'
import { datasetTypes } from '../resource/dataset-types.ts'
import { isObject } from '../resource/fields.ts'
import { jsonSchema } from '../resource/json-schema.ts'
import { linkedServiceTypes, storeServiceTypes } from '../resource/linked-service-types.ts'
import { pipelineProperties } from '../resource/pipeline.ts'
import { triggerTypes } from '../resource/trigger.ts'
import { differences } from './differences.ts'
import { describedDifference, schemaAt } from './schema-at.ts'
import * as activityNames from './reference-activities.ts'
import * as copyNames from './reference-copy.ts'
import * as language from './reference-language.ts'
import * as resourceNames from './reference-resources.ts'

/** What the table says of a name of ADF. */
export interface SupportRow {
  readonly name: string
  readonly status: 'supported' | 'differs' | 'not'
  /** How it differs; '' where it does not. */
  readonly how: string
}

export interface SupportTable {
  readonly title: string
  readonly rows: readonly SupportRow[]
}

type Types = Readonly<Record<string, z.ZodType>>

/** Every name of the reference with what the code does about it: names from the reference, answers from the tables that run. */
export function supportTables(): SupportTable[] {
  const known = new Set(functionRows.map((row) => row.name.toLowerCase()))
  const functionsOf = (names: readonly string[]) =>
    names.map((name) => row('function', name, known.has(name.toLowerCase())))
  const activityTypes: Types = { ...controlActivities, ...workActivities }
  const tables: SupportTable[] = [
    { title: 'Functions', rows: functionsOf(language.documentedFunctions) },
    {
      title: "Functions of Microsoft's evaluator that ADF does not document",
      rows: functionsOf(language.undocumentedFunctions),
    },
    { title: 'System variables', rows: systemVariableRows() },
    {
      title: 'Pipeline properties',
      rows: propertyRows('pipeline', language.pipelineProperties, jsonSchema(pipelineProperties)),
    },
    {
      title: 'Properties of every activity',
      rows: propertyRows('activity', language.activityProperties, jsonSchema(workActivity)),
    },
    {
      title: 'Activities',
      rows: typeRows('activity', activityNames.activities, activityTypes),
    },
    { title: 'Copy sources', rows: typeRows('source', copyNames.copySources, copySourceTypes) },
    { title: 'Copy sinks', rows: typeRows('sink', copyNames.copySinks, copySinkTypes) },
    { title: 'Datasets', rows: typeRows('dataset', resourceNames.datasets, datasetTypes) },
    {
      title: 'Locations of file datasets',
      rows: resourceNames.locations.map((name) =>
        row('location', name, Object.hasOwn(storeServiceTypes, name.replace(/Location$/, ''))),
      ),
    },
    {
      title: 'Linked services',
      rows: typeRows('linked service', resourceNames.linkedServices, linkedServiceTypes),
    },
    { title: 'Triggers', rows: typeRows('trigger', language.triggers, triggerTypes, 'typeProperties') },
  ]
  const named = new Set(told)
  const stray = Object.keys(differences).filter((name) => !named.has(name))
  if (stray.length > 0)
    throw new TypeError(`adf/support/differences.ts tells of what does not run: ${stray.join(', ')}`)
  return tables
}

/** Activity types of ours that ADF does not have. */
export function ownActivityTypes(): string[] {
  return Object.keys({ ...controlActivities, ...workActivities }).filter(
    (type) => !Object.hasOwn(activityNames.activities, type),
  )
}

/** What is there to do about something that does not run. */
const insteadOf: ReadonlyMap<string, string> = new Map([
  ['activity ExecuteDataFlow', 'factory.yaml may name an activity that takes the place of a data flow'],
])

const told = new Set<string>()

function row(kind: string, name: string, runs: boolean, how = ''): SupportRow {
  const key = `${kind} ${name}`
  if (!runs) return { name, status: 'not', how: insteadOf.get(key) ?? '' }
  const said = differences[key]
  if (said !== undefined) told.add(key)
  const difference = [said ?? '', how].filter((one) => one !== '').join('; ')
  return { name, status: difference === '' ? 'supported' : 'differs', how: difference }
}

function typeRows(
  kind: string,
  reference: Readonly<Record<string, readonly string[]>>,
  types: Types,
  below?: string,
): SupportRow[] {
  // What the reference does not list shows itself all the same.
  const more = Object.keys(types).filter(
    (type) => !Object.hasOwn(reference, type) && !ownActivityTypes().includes(type),
  )
  const listed = [...Object.entries(reference), ...more.map((type) => [type, []] as const)]
  return listed.flatMap(([type, properties]) => {
    const schema = types[type]
    const schemaOf = schema === undefined ? undefined : jsonSchema(schema)
    return [
      row(kind, type, schemaOf !== undefined),
      ...properties.map((path): SupportRow => {
        const name = `${type}: ${path}`
        if (schemaOf === undefined) return row(kind, name, false)
        const found = schemaAt(schemaOf, path) ?? schemaAt(schemaOf, `${below ?? ''}.${path}`)
        return found === undefined
          ? row(kind, name, false)
          : row(kind, name, true, describedDifference(found))
      }),
    ]
  })
}

function propertyRows(kind: string, names: readonly string[], schema: JsonObject): SupportRow[] {
  return names.map((name) => {
    const found = schemaAt(schema, name)
    return row(kind, name, found !== undefined, isObject(found) ? describedDifference(found) : '')
  })
}

function systemVariableRows(): SupportRow[] {
  return [
    ...language.pipelineSystemVariables.map((name) => ({
      ...row('system variable', name, systemVariables.has(name.toLowerCase())),
      name: `pipeline().${name}`,
    })),
    ...Object.entries(language.triggerSystemVariables).flatMap(([type, names]) =>
      names.map((name) => row('trigger variable', `${type}: ${name}`, Object.hasOwn(triggerTypes, type))),
    ),
  ]
}
