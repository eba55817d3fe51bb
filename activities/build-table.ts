import { buildTableProperties } from '../adf/activity/build-table.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject } from '../adf/json.ts'
import { buildTable as build } from '../tables/build/build-table.ts'
import type { ParameterValue } from '../tables/build/parameters.ts'
import type { ActivityFunction } from './activity.ts'
import { readPlannedDocument } from './planned-document.ts'
import { readPlannedResource } from './planned-resource.ts'
import { readPlannedTable } from './planned-table.ts'
import { parseProperties } from './properties.ts'

/**
 * Builds a table of the factory from `table/<name>.sql` under its contract `table/<name>.yaml`, both as the run's plan froze them.
 * The SELECT may read the factory's documents: `config.routine_schemas` holds the JSON of `routine_schemas.yaml`.
 * `$batch` and `$processed_at` (the run's trigger time, so that a repeated attempt writes the same rows) are always given.
 */
export const buildTable: ActivityFunction = async (invocation, context, { lake, duckdb }) => {
  const { table, batch, parameters } = parseProperties(buildTableProperties, invocation)
  const { resources, run } = invocation
  const contract = await readPlannedTable(lake, resources, table)
  const built = await build({
    lake,
    duckdb,
    contract,
    sql: await readPlannedResource(lake, resources, resourceOf(table, 'sql')),
    contractOf: async (name) =>
      resourceOf(name, 'yaml') in resources ? readPlannedTable(lake, resources, name) : null,
    documentOf: (name) => readPlannedDocument(lake, resources, name),
    batch,
    parameters: { processed_at: run.triggerTime, ...scalars(invocation.name, parameters) },
    signal: context.signal,
    progress: ({ rows, bytes }) => context.progress({ done: rows, total: rows, unit: 'rows', rows, bytes }),
  })
  return { ...built, warnings: built.warnings.map(({ rule, rows }) => ({ rule, rows })) }
}

function resourceOf(table: string, extension: 'sql' | 'yaml'): string {
  return `table/${table.slice(table.indexOf('.') + 1)}.${extension}`
}

/** A literal in SQL holds one value. */
function scalars(activity: string, parameters: JsonObject): Record<string, ParameterValue> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (typeof value === 'object' && value !== null) {
        throw new DefinitionError(
          `activity "${activity}" (BuildTable): typeProperties.parameters.${name} is ${JSON.stringify(value)}; a parameter is a text, number, boolean or null`,
        )
      }
      return [name, value]
    }),
  )
}
