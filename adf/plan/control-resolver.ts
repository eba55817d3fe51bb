import type { z } from 'zod'
import type { Path } from '../text/positions.ts'
import type { ActivityDraft } from './activity-draft.ts'
import type { PipelineScope } from './pipeline-scope.ts'
import type { ControlActivity } from './plan.ts'

/** Plans one type of control activity; null where it cannot, which is reported. */
export type ControlResolver = (draft: ActivityDraft, scope: PipelineScope) => ControlActivity | null

/** A resolver that sees the properties as its schema gives them. */
export function control<S extends z.ZodType>(
  schema: S,
  resolve: (properties: z.output<S>, draft: ActivityDraft, scope: PipelineScope) => ControlActivity | null,
): ControlResolver {
  return (draft, scope) => {
    const parsed = schema.safeParse(draft.typeProperties)
    if (parsed.success) return resolve(parsed.data, draft, scope)
    scope.issues.reportSchema(parsed.error, draft.typeProperties, placeIn(draft))
    return null
  }
}

/** A place inside the typeProperties of an activity. */
export function placeIn(draft: ActivityDraft, ...rest: (string | number)[]): Path {
  return [...draft.path, 'typeProperties', ...rest]
}
