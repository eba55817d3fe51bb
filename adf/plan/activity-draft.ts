import type { JsonObject } from '../json.ts'
import type { Path } from '../text/positions.ts'
import type { ReadableNames } from './check-expressions.ts'
import type { ListScope } from './pipeline-scope.ts'
import type { ActivityBase } from './plan.ts'

/** One activity on its way into the plan. */
export interface ActivityDraft {
  readonly raw: JsonObject
  readonly path: Path
  readonly typeProperties: JsonObject
  readonly base: ActivityBase
  /** Where it stands, with what has ended before it. */
  readonly list: ListScope
  readonly readable: ReadableNames
}
