import { join } from 'node:path'
import { DefinitionError } from '../adf/errors.ts'
import type { JsonValue } from '../adf/json.ts'
import type { ResolvedLinkedService } from '../adf/run/run.ts'
import { isSegment } from '../lake/path.ts'
import type { Database } from '../warehouse/database.ts'
import { openSqliteDatabase } from '../warehouse/sqlite/database/sqlite-database.ts'
import { connectionStringOf } from './connection-string.ts'
import type { StoreContext } from './open-store.ts'

/**
 * AzureSqlDatabase, SqlServer, AzureSqlMI, AzureSqlDW: a SQLite file stands in for each database: `{home}/stores/{linked service}/{database}.db`.
 * Credentials are not looked at.
 */
export async function openSqlServer(
  service: ResolvedLinkedService,
  context: StoreContext,
): Promise<Database> {
  const name = databaseName(service)
  for (const part of [service.name, name])
    if (!isSegment(part))
      throw new DefinitionError(
        `Linked service '${service.name}': ${JSON.stringify(part)} is no name that a file can have; its embedded store is {linked service}/{database}.db`,
      )
  const file = join(context.settings.folder, service.name, `${name}.db`)
  return context.keep(`SqlServer:${file}`, async () => openSqliteDatabase({ file, name, tsql: true }))
}

/** From `database`, else from the connection string; a server that names none gives its default, `master`. */
function databaseName(service: ResolvedLinkedService): string {
  const own = textProperty(service, 'database') ?? textProperty(service, 'databaseName')
  if (own !== null) return own
  const given = property(service, 'connectionString')
  // A whole connection string in a vault: which database it names is a secret.
  if (given === undefined || (typeof given === 'object' && given !== null)) return 'database'
  const parts = connectionStringOf(String(given))
  return parts.get('initial catalog') ?? parts.get('database') ?? 'master'
}

function textProperty(service: ResolvedLinkedService, key: string): string | null {
  const value = property(service, key)
  return typeof value === 'string' && value !== '' ? value : null
}

function property(service: ResolvedLinkedService, key: string): JsonValue | undefined {
  return Object.entries(service.typeProperties).find(
    ([name]) => name.toLowerCase() === key.toLowerCase(),
  )?.[1]
}
