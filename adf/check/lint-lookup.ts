import { property } from '../plan/pipeline-scope.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import { show } from '../resource/fields.ts'
import type { TreeActivity } from './activity-tree.ts'
import { activeActivities, textOf } from './activity-tree.ts'
import type { LintHit, LintedPipeline } from './lint.ts'
import { asObject } from './not-honoured.ts'

export const lookupRules = { 'lookup-near-cap': lookupNearCap }

/** Rows after which ADF cuts the result of a Lookup without a word. */
const cap = 5_000

function* lookupNearCap({ activities }: LintedPipeline): Generator<LintHit> {
  for (const one of activeActivities(activities)) {
    if (one.type.toLowerCase() !== 'lookup' || !allRows(one)) continue
    const source = asObject(one.typeProperties, 'source')
    const queries = Object.entries(source).flatMap(([key, value]) => {
      const text = /query/i.test(key) ? unwrapExpressions(value) : null
      return typeof text === 'string' ? [text] : []
    })
    const limit = Math.min(...queries.map(limitOf), Number.POSITIVE_INFINITY)
    if (limit <= cap) continue
    yield {
      path: [...one.path, 'typeProperties', 'firstRowOnly'],
      message: `${show(one.name)} takes all rows${limit === Number.POSITIVE_INFINITY ? ', and nothing limits them' : ` up to ${limit}`}: ADF cuts them at ${cap} in silence, here all of them come; limit the query (TOP, FETCH, LIMIT), or walk pages`,
    }
  }
}

function allRows(one: TreeActivity): boolean {
  const value = property(one.typeProperties, 'firstRowOnly')
  return value === false || textOf(value).toLowerCase() === 'false'
}

/** Most rows that a query asks for, as far as its text tells. */
function limitOf(query: string): number {
  const found = /\b(?:top\s*\(?|fetch\s+(?:next|first)|limit)\s*(\d+)/i.exec(query)
  return found === null ? Number.POSITIVE_INFINITY : Number(found[1])
}
