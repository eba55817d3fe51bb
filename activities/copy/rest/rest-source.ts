import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { copySourceTypes } from '../../../adf/activity/copy/source-types.ts'
import { DefinitionError } from '../../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../../adf/json.ts'
import { parseDuration } from '../../../adf/resource/duration.ts'
import { restResource } from '../../../adf/resource/rest-resource.ts'
import { headersOf } from '../../web/call.ts'
import { addedColumns } from '../files/added-columns.ts'
import { parsePart } from '../files/dataset-properties.ts'
import { jsonFormat } from '../files/json.ts'
import type { CopyEnd, TabularSource } from '../relation.ts'
import { quoteName } from '../../../tables/duckdb/sql.ts'
import { readPagination } from './pagination.ts'
import { type RestCall, restPages } from './pages.ts'

const defaultTimeout = '00:01:40'
const defaultIntervalMs = 10

/**
 * All pages of a REST resource, gathered in a local file, a document a line, and read as JSON from there. A page that is an array gives a row
 * for each of its elements; `collectionReference` of the translator crosses what is inside an object.
 */
export async function restSource(end: CopyEnd): Promise<TabularSource> {
  const { settings, dataset, store, dependencies } = end
  if (store.kind !== 'rest')
    throw new DefinitionError(
      `RestSource reads a RestService, and linked service '${dataset.linkedService.name}' is of type ${dataset.linkedService.type}`,
    )
  const source = parsePart(copySourceTypes.RestSource, settings, 'source')
  const call = callOf(end, source)
  const resource = parsePart(restResource, dataset.typeProperties, `dataset '${dataset.name}'`)
  const rules = readPagination(source.paginationRules ?? resource.paginationRules ?? {})
  const added = addedColumns(source.additionalColumns ?? [], {}, '', [])
  const file = join(await dependencies.lake.scratch(), randomUUID())
  return {
    async open(connection, signal) {
      let dataRead = 0
      const handle = await open(file, 'w')
      try {
        for await (const { body, bytes } of restPages(store, call, rules, signal)) {
          dataRead += bytes
          const lines = rowsIn(body).map((row) => `${JSON.stringify(row)}\n`)
          if (lines.length > 0) await handle.write(lines.join(''))
        }
      } finally {
        await handle.close()
      }
      const relation = await jsonFormat.open(
        {},
        {
          connection,
          files: [{ path: file, selected: { path: file, relative: file, size: dataRead, modified: null } }],
          formatSettings: {},
          broken: 'fail',
          pad: false,
          withFile: false,
          signal,
        },
      )
      const constants = added.columns.map(({ name, value }) => `${value([])} AS ${quoteName(name)}`)
      return {
        from:
          constants.length === 0
            ? relation.from
            : `(SELECT *, ${constants.join(', ')} FROM ${relation.from})`,
        columns: [
          ...relation.columns,
          ...added.columns.map(({ name }) => ({ name, type: 'string' as const })),
        ],
        filesRead: 0,
        dataRead,
      }
    },
    close: () => rm(file, { force: true }),
  }
}

function callOf(
  { invocation, dataset }: CopyEnd,
  source: ReturnType<typeof copySourceTypes.RestSource.parse>,
): RestCall {
  const resource = parsePart(restResource, dataset.typeProperties, `dataset '${dataset.name}'`)
  const method = source.requestMethod ?? resource.requestMethod ?? 'GET'
  const body = source.requestBody ?? resource.requestBody ?? null
  const headers = headersOf(source.additionalHeaders ?? resource.additionalHeaders ?? {}, invocation)
  return {
    method,
    relativeUrl: resource.relativeUrl ?? '',
    headers: {
      accept: 'application/json',
      ...(body !== null && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: method === 'GET' ? null : body,
    timeoutMs: milliseconds(source.httpRequestTimeout ?? defaultTimeout, 'httpRequestTimeout'),
    intervalMs:
      source.requestInterval === undefined
        ? defaultIntervalMs
        : milliseconds(source.requestInterval, 'requestInterval'),
  }
}

function milliseconds(text: string, name: string): number {
  const value = parseDuration(text)
  if (value !== null) return value
  throw new DefinitionError(
    `source.${name} is ${JSON.stringify(text)}; it must be a duration such as 00:01:40`,
  )
}

function rowsIn(body: JsonValue): JsonObject[] {
  const all = Array.isArray(body) ? body : [body]
  return all.map((row) =>
    typeof row === 'object' && row !== null && !Array.isArray(row) ? row : { value: row },
  )
}
