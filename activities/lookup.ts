import { copySourceTypes } from '../adf/activity/copy/source-types.ts'
import { typeOf } from '../adf/activity/copy.ts'
import { lookupProperties } from '../adf/activity/lookup.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject } from '../adf/json.ts'
import { streamRows } from '../tables/duckdb/row-streams.ts'
import type { ActivityFunction } from './activity.ts'
import { sources } from './copy/sources.ts'
import { outputSize, rowJson } from './database/result-json.ts'
import { parseProperties } from './properties.ts'

/** Reads rows of any source of Copy into the output: `firstRow`, absent where there is no row, or `count` and `value`. All rows, not ADF's first 5,000. */
export const lookup: ActivityFunction = async (invocation, { signal }, dependencies) => {
  const {
    source: settings,
    dataset: reference,
    firstRowOnly,
    treatDecimalAsString,
  } = parseProperties(lookupProperties, invocation)
  const dataset = invocation.datasets[reference.referenceName]
  if (dataset === undefined)
    throw new DefinitionError(
      `activity "${invocation.name}" names dataset ${JSON.stringify(reference.referenceName)}, which the run was not given; start a new run`,
    )
  const type = typeOf(copySourceTypes, settings)
  if (type === undefined || type === 'BinarySource')
    throw new DefinitionError(
      `activity "${invocation.name}" has source.type ${JSON.stringify(settings['type'] ?? null)}; a Lookup reads: ${Object.keys(sources).join(', ')}`,
    )
  const store = await dependencies.stores.open(dataset.linkedService)
  const source = await sources[type]({
    invocation,
    otherType: '',
    settings,
    dataset,
    store,
    dependencies,
    signal,
  })
  try {
    const rows = await dependencies.duckdb.session(async (connection) => {
      // Rows of files and queries keep their order.
      await connection.run('SET SESSION preserve_insertion_order = true')
      const { from, columns } = await source.open(connection, signal)
      const stream = await streamRows(
        connection,
        `SELECT * FROM ${from}${firstRowOnly ? ' LIMIT 1' : ''}`,
        columns,
        signal,
      )
      const read: JsonObject[] = []
      const count = outputSize(`activity "${invocation.name}"`)
      for await (const batch of stream.batches)
        for (const row of batch) {
          const one = rowJson(columns, row, treatDecimalAsString)
          count(one)
          read.push(one)
        }
      return read
    }, signal)
    await source.finish?.()
    const common = { effectiveIntegrationRuntime: 'Headrace' }
    if (!firstRowOnly) return { count: rows.length, value: rows, ...common }
    return { ...(rows[0] === undefined ? {} : { firstRow: rows[0] }), ...common }
  } finally {
    await source.close?.()
  }
}
