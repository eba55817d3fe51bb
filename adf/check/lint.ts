import type { JsonObject } from '../json.ts'
import type { Path } from '../text/positions.ts'
import type { TreeActivity } from './activity-tree.ts'
import { conditionRules } from './lint-conditions.ts'
import { failureRules } from './lint-failures.ts'
import { limitRules } from './lint-limits.ts'
import { lookupRules } from './lint-lookup.ts'
import { skippedRules } from './lint-skipped.ts'
import { untilRules } from './lint-until.ts'
import { variableRules } from './lint-variables.ts'
import { unusedRules } from './lint-unused.ts'

/** What a lint rule looks at. */
export interface LintedPipeline {
  readonly name: string
  /** As written, under `properties`. */
  readonly raw: JsonObject
  readonly activities: readonly TreeActivity[]
}

/** One place where a rule of `docs/checks/` applies. */
export interface LintHit {
  readonly path: Path
  readonly message: string
}

export type LintRule = (pipeline: LintedPipeline) => Iterable<LintHit>

/** Traps of ADF that run without an error. Each has a page in docs/checks/ of its name. */
export const lintRules = {
  ...failureRules,
  ...skippedRules,
  ...variableRules,
  ...conditionRules,
  ...untilRules,
  ...lookupRules,
  ...unusedRules,
  ...limitRules,
} as const satisfies Readonly<Record<string, LintRule>>

/** Rules whose hits change nothing in a run. */
export const harmlessRules: ReadonlySet<string> = new Set(Object.keys({ ...unusedRules, ...limitRules }))
