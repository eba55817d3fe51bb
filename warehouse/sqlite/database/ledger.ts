import type { DatabaseSync } from 'node:sqlite'
import { deserialize, serialize } from 'node:v8'

/** Hidden from listings: which writes were done, and what they gave. */
export const ledgerTable = '_headrace_writes'
/** No activity lives this long: a key that is older cannot come again. */
const keptDays = 30

/** What the write of this key gave; undefined where there was none. */
export function noted(database: DatabaseSync, once: string): unknown {
  if (database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(ledgerTable) === undefined)
    return undefined
  const row = database.prepare(`SELECT result FROM ${ledgerTable} WHERE once = ?`).get(once)
  return row?.['result'] instanceof Uint8Array ? deserialize(row['result']) : undefined
}

/** Notes a write in the transaction that it is part of. */
export function note(database: DatabaseSync, once: string, result: unknown): void {
  database.exec(
    `CREATE TABLE IF NOT EXISTS ${ledgerTable} (once TEXT PRIMARY KEY, written_at TEXT NOT NULL, result BLOB NOT NULL) WITHOUT ROWID`,
  )
  database
    .prepare(`DELETE FROM ${ledgerTable} WHERE written_at < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?)`)
    .run(`-${keptDays} days`)
  database
    .prepare(`INSERT INTO ${ledgerTable} VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?)`)
    .run(once, serialize(result))
}
