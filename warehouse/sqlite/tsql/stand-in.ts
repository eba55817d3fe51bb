import { DefinitionError } from '../../errors.ts'

/** What rewriting must know of the database. */
export interface Names {
  /** The database's own name, which may stand before a schema. */
  readonly database: string
  /** Table parameters and table variables, lower case without `@`. */
  readonly tableParameters: ReadonlySet<string>
  /** Whether there is such a table: `stg.Orders`. */
  isTable(name: string): boolean
}

/** Says what the stand-in does not have. */
export function lacking(what: string): DefinitionError {
  return new DefinitionError(`the database is a SQLite file that stands in for SQL Server: ${what}`)
}
