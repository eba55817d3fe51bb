import { z } from 'zod'
import type { JsonObject } from '../json.ts'
import { anyObject, choice, flag, record, show, whole } from '../resource/fields.ts'
import { unknownName } from '../resource/near-miss.ts'
import { openRecord } from '../resource/open-record.ts'
import { copySinkTypes } from './copy/sink-types.ts'
import { copySourceTypes } from './copy/source-types.ts'
import { translator } from './copy/translator.ts'
import { linkedServiceReference } from './references.ts'

/** One end of a copy: judged by the schema of its `type`; a type that is evaluated only by the run is judged then. */
function end(kind: 'source' | 'sink', types: Readonly<Record<string, z.ZodType>>) {
  const schemas = new Map(Object.entries(types).map(([type, schema]) => [type.toLowerCase(), schema]))
  return anyObject().superRefine((value, context) => {
    const type = Object.entries(value).find(([key]) => key.toLowerCase() === 'type')?.[1]
    const schema = typeof type === 'string' ? schemas.get(type.toLowerCase()) : undefined
    if (schema === undefined) {
      const message =
        typeof type === 'string'
          ? unknownName(type, `a ${kind} type that is known`, `${kind} types`, Object.keys(types))
          : `must name the type of the ${kind}; it is ${show(type)}`
      context.addIssue({ code: 'custom', path: ['type'], message, input: type })
      return
    }
    const parsed = schema.safeParse(value)
    for (const issue of parsed.error?.issues ?? []) context.addIssue({ ...issue })
  })
}

/** The schema of an end by its type as written; undefined where it is not known. */
export function typeOf<T extends string>(
  types: Readonly<Record<T, z.ZodType>>,
  end: JsonObject,
): T | undefined {
  const type = Object.entries(end).find(([key]) => key.toLowerCase() === 'type')?.[1]
  if (typeof type !== 'string') return undefined
  const names = Object.keys(types) as T[]
  return names.find((name) => name.toLowerCase() === type.toLowerCase())
}

const logPlace = openRecord({
  linkedServiceName: linkedServiceReference,
  path: z.string().optional().describe('Container or file system, with folders'),
})

export const copyProperties = record({
  source: end('source', copySourceTypes),
  sink: end('sink', copySinkTypes),
  translator: translator.optional(),
  enableStaging: flag().default(false).describe('Has no effect: rows go straight from source to sink'),
  stagingSettings: anyObject().optional().describe('Has no effect: nothing is staged'),
  parallelCopies: whole({ min: 1 })
    .optional()
    .describe('Files that are copied at a time (binary); default: chosen'),
  dataIntegrationUnits: whole({ min: 2 }).optional().describe('Has no effect: a worker has what it has'),
  enableSkipIncompatibleRow: flag().default(false).describe('Leave out rows that do not fit, and go on'),
  redirectIncompatibleRowSettings: logPlace.optional().describe('Where rows that were left out are kept'),
  logSettings: openRecord({
    enableCopyActivityLog: flag().optional(),
    copyActivityLogSettings: openRecord({
      logLevel: choice(['Info', 'Warning']).optional(),
      enableReliableLogging: flag().optional(),
    }).optional(),
    logLocationSettings: logPlace,
  }).optional(),
  logStorageSettings: logPlace.optional().describe('Older form of logSettings'),
  skipErrorFile: openRecord({
    fileMissing: flag().optional(),
    fileForbidden: flag().optional(),
    dataInconsistency: flag().optional(),
    invalidFileName: flag().optional(),
  })
    .optional()
    .describe('Which files that fail are left out (binary)'),
  validateDataConsistency: flag().default(false).describe('Compare sizes and checksums, or row counts'),
  preserve: z.array(z.string()).optional().describe('Not done: ACLs and attributes are not kept'),
  preserveRules: z.array(z.string()).optional().describe('Not done: as preserve'),
}).describe('Copies data from one store to another')
