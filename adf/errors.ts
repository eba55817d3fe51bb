/**
 * Two families of errors are final and never retried; all else is the outside world failing and is retried.
 * They are told apart by `name`, which Temporal carries as the failure's `type`: `instanceof` does not survive the server.
 */

/** One finding in a definition: where it stands, what stands there, and what is allowed there. */
export interface DefinitionIssue {
  /** File inside the factory, e.g. `pipeline/bronze_ingest.yaml`. */
  readonly file: string
  /** Line in that file, from 1; null where the text has no line for it. */
  readonly line: number | null
  /** Place inside the resource, e.g. `activities["Ingest scans"].dependsOn[0].activity`. */
  readonly place: string
  /** What is wrong, with the value and what is allowed. */
  readonly message: string
  readonly severity: 'error' | 'warning'
}

/** A definition (pipeline, dataset, table, expression …) is wrong. Someone has to edit it. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError'
  readonly issues: readonly DefinitionIssue[]

  constructor(message: string, options: { issues?: readonly DefinitionIssue[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.issues = options.issues ?? []
  }
}

/** The data that arrived is wrong. The bytes are kept and the reason is written down; trying again cannot help. */
export class DataError extends Error {
  override readonly name = 'DataError'
}

/** `pipeline/a.yaml:14 activities["B"].dependsOn[0] …`, one line an issue. */
export function formatIssue(issue: DefinitionIssue): string {
  const line = issue.line === null ? '' : `:${issue.line}`
  return `${issue.file}${line} ${issue.place} ${issue.message}`
}
