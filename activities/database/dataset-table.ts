import { DefinitionError } from '../../adf/errors.ts'
import type { ResolvedDataset } from '../../adf/run/run.ts'
import type { Store } from '../../stores/store.ts'
import type { Database, DatabaseTable } from '../../warehouse/database.ts'

/** The table of a dataset: `schema` and `table`, or `tableName` (`dbo.t`, `[dbo].[t]`); null where it names none. */
export function datasetTable({ typeProperties }: ResolvedDataset): DatabaseTable | null {
  const text = (key: string): string | null => {
    const value = Object.entries(typeProperties).find(
      ([name]) => name.toLowerCase() === key.toLowerCase(),
    )?.[1]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const table = text('table')
  if (table !== null) return { schema: text('schema'), table }
  const whole = text('tableName')
  if (whole === null) return null
  const parts = [...whole.matchAll(/\[((?:[^\]]|\]\])*)\]|"([^"]*)"|([^.[\]"]+)/g)].map(
    ([, bracket, quote, bare]) => (bracket ?? quote ?? bare ?? '').replaceAll(']]', ']').trim(),
  )
  return { schema: parts.at(-2) ?? text('schema'), table: parts.at(-1) ?? whole }
}

export function databaseOf(
  store: Store,
  what: string,
  service: { readonly name: string; readonly type: string },
): Database {
  if (store.kind === 'database') return store
  throw new DefinitionError(
    `${what} works on a database, and linked service '${service.name}' is of type ${service.type}`,
  )
}
