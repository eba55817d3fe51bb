import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { FileIssues } from '../adf/plan/file-issues.ts'
import type { RunTrigger } from '../adf/run/run.ts'
import type { Path } from '../adf/text/positions.ts'
import type { Stubs } from './stub.ts'

/** One test of a pipeline as its file says it, with what the file says for all of its tests. */
export interface PipelineTest {
  readonly name: string
  readonly pipeline: string
  readonly parameters: JsonObject
  readonly globalParameters: JsonObject
  readonly variables: JsonObject
  readonly trigger: RunTrigger
  /** When the run begins, milliseconds since 1970. */
  readonly clock: number
  readonly stubs: Stubs
  /** The names under `stubs`, and where each stands. */
  readonly stubPlaces: readonly { readonly name: string; readonly path: Path }[]
  readonly expect: Expectation
  /** Where the test stands in its file. */
  readonly path: Path
  readonly issues: FileIssues
}

/** What has to be. A map is compared by the names that it has; all else as a whole. What is left out is not looked at. */
export interface Expectation {
  readonly status: 'Succeeded' | 'Failed'
  readonly message?: string | undefined
  /** Every try that ran, in the order in which they began. */
  readonly runs?: readonly string[] | undefined
  /** Every activity that was skipped, in any order. */
  readonly skipped?: readonly string[] | undefined
  readonly activities: Readonly<Record<string, ExpectedActivity>>
  readonly variables: JsonObject
  readonly returnValue: JsonObject
  /** Pipelines that ChainingTriggers start, with their parameters. */
  readonly starts: Readonly<Record<string, JsonObject>>
}

export interface ExpectedActivity {
  readonly status?: string | undefined
  readonly input?: JsonValue | undefined
  readonly output?: JsonValue | undefined
  readonly error?: JsonObject | undefined
}
