import { basename } from 'node:path'
import { DefinitionError } from '../adf/errors.ts'
import type { ResolvedLinkedService } from '../adf/run/run.ts'
import type { Database } from '../warehouse/database.ts'
import { openSqliteDatabase } from '../warehouse/sqlite/database/sqlite-database.ts'
import { connectionStringOf } from './connection-string.ts'
import { localPlace } from './local-place.ts'
import type { StoreContext } from './open-store.ts'

/** SQLite, Headrace's own type: `connectionString: Data Source=<file>`. SQL is SQLite's own. */
export async function openSqlite(service: ResolvedLinkedService, context: StoreContext): Promise<Database> {
  const given = Object.entries(service.typeProperties).find(
    ([key]) => key.toLowerCase() === 'connectionstring',
  )?.[1]
  const source = typeof given === 'string' ? connectionStringOf(given).get('data source') : undefined
  if (source === undefined || source === '')
    throw new DefinitionError(
      `Linked service '${service.name}' needs connectionString: "Data Source=<file>"; it is ${JSON.stringify(given ?? null)}`,
    )
  const file = await localPlace(
    source,
    `Linked service '${service.name}' has Data Source ${JSON.stringify(source)}`,
    context.settings,
  )
  return context.keep(`SQLite:${file}`, async () =>
    openSqliteDatabase({ file, name: basename(file), tsql: false }),
  )
}
