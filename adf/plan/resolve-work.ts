import type { z } from 'zod'
import type { WorkActivityType } from '../activity/activity-types.ts'
import { datasetProperties, workActivities } from '../activity/activity-types.ts'
import type { workActivity } from '../activity/fields.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import { isObject, renameKeys } from '../resource/fields.ts'
import type { Path } from '../text/positions.ts'
import type { ActivityDraft } from './activity-draft.ts'
import { holdsExpression } from './arguments.ts'
import { checkExpressions } from './check-expressions.ts'
import { checkChannels, checkTables } from './check-named.ts'
import type { FileIssues } from './file-issues.ts'
import type { PipelineScope } from './pipeline-scope.ts'
import { property } from './pipeline-scope.ts'
import type { WorkActivity } from './plan.ts'
import { resolveReferencesIn } from './references-in.ts'
import { resolveDatasetReference, resolveLinkedServiceReference } from './resolve-references.ts'

/** Checks an activity that a worker carries out. */
export function resolveWork(
  type: WorkActivityType,
  fields: Partial<z.output<typeof workActivity>>,
  draft: ActivityDraft,
  scope: PipelineScope,
): WorkActivity {
  const { factory, issues, used } = scope
  const path = [...draft.path, 'typeProperties']
  checkExpressions(draft.typeProperties, path, draft.readable, issues)
  const given = workProperties(type, draft.typeProperties, path, issues)
  checkDatasetProperty(type, given, path, issues)
  const typeProperties = resolveReferencesIn(given, path, scope)
  checkTables(type, typeProperties, path, factory, issues)
  checkChannels(type, typeProperties, path, factory, issues)
  const datasets = (place: 'inputs' | 'outputs') =>
    (fields[place] ?? []).flatMap((reference, index) => {
      const at = [...draft.path, place, index]
      checkExpressions(reference.parameters, [...at, 'parameters'], draft.readable, issues)
      return resolveDatasetReference(reference, at, factory, used, issues) ?? []
    })
  const inputs = datasets('inputs')
  const outputs = datasets('outputs')
  let linkedService = null
  if (fields.linkedServiceName !== undefined) {
    const at = [...draft.path, 'linkedServiceName']
    checkExpressions(fields.linkedServiceName.parameters, [...at, 'parameters'], draft.readable, issues)
    linkedService = resolveLinkedServiceReference(fields.linkedServiceName, at, factory, used, issues)
  }
  return { ...draft.base, type, typeProperties, linkedService, inputs, outputs }
}

/** Judges by the schema that the activity itself uses at run time; what is evaluated only then is left to it. Fills in defaults. */
function workProperties(
  type: WorkActivityType,
  given: JsonObject,
  path: Path,
  issues: FileIssues,
): JsonObject {
  const schema = workActivities[type]
  const unwrapped = unwrapExpressions(given)
  const raw = isObject(unwrapped) ? unwrapped : given
  const parsed = schema.safeParse(raw)
  if (!parsed.success) issues.reportSchema(parsed.error, raw, path, (at) => !isEvaluated(raw, at))
  const shape: Readonly<Record<string, z.ZodType>> = schema.def.out.shape
  const named = renameKeys(raw, Object.keys(shape))
  const result: JsonObject = isObject(named) ? { ...named } : {}
  for (const [name, field] of Object.entries(shape)) {
    if (Object.hasOwn(result, name)) continue
    const filled = field.safeParse(undefined)
    if (filled.success && isJson(filled.data)) result[name] = filled.data
  }
  return result
}

/** A reference is a literal: text in its place, an expression too, names nothing that the plan could hold. */
function checkDatasetProperty(
  type: WorkActivityType,
  typeProperties: JsonObject,
  path: Path,
  issues: FileIssues,
): void {
  const name = datasetProperties[type]
  if (name !== undefined && typeof typeProperties[name] === 'string')
    issues.report([...path, name], 'must be a reference: { referenceName, type: DatasetReference }, no text')
}

function isJson(value: unknown): value is JsonValue {
  return value !== undefined
}

/** Whether the value at a path, or something around it, is an expression. */
function isEvaluated(root: JsonObject, path: Path): boolean {
  let value: JsonValue | undefined = root
  for (const part of path) {
    if (typeof value === 'string') break
    if (Array.isArray(value)) value = typeof part === 'number' ? value[part] : undefined
    else if (isObject(value)) value = property(value, String(part))
    else return false
  }
  return typeof value === 'string' && holdsExpression(value)
}
