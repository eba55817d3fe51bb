import { findActivityType } from '../activity/activity-types.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { branches, property } from '../plan/pipeline-scope.ts'
import { isObject } from '../resource/fields.ts'
import type { Path } from '../text/positions.ts'

/** An activity as written, of whatever type. Names of types and conditions have ADF's spelling where ADF knows them. */
export interface TreeActivity {
  readonly name: string
  readonly type: string
  readonly path: Path
  readonly inactive: boolean
  readonly dependsOn: readonly { readonly activity: string; readonly conditions: readonly string[] }[]
  readonly typeProperties: JsonObject
  readonly raw: JsonObject
  /** One list a branch, case or loop body. */
  readonly inner: readonly (readonly TreeActivity[])[]
}

const deepest = 20

/** The activities of a list. What is no activity is left out; the schema's issues tell of it. */
export function activityTree(list: JsonValue | undefined, path: Path, depth = 0): TreeActivity[] {
  if (!Array.isArray(list) || depth > deepest) return []
  return list.flatMap((raw, index): TreeActivity[] => {
    if (!isObject(raw)) return []
    const at = [...path, index]
    const given = property(raw, 'typeProperties')
    const typeProperties = isObject(given) ? given : {}
    const type = textOf(property(raw, 'type'))
    return [
      {
        name: textOf(property(raw, 'name')),
        type: findActivityType(type) ?? type,
        path: at,
        inactive: textOf(property(raw, 'state')).toLowerCase() === 'inactive',
        dependsOn: dependenciesOf(raw),
        typeProperties,
        raw,
        inner: innerLists(typeProperties, [...at, 'typeProperties'], depth + 1),
      },
    ]
  })
}

/** Every activity of a list with what it holds. Inside an Inactive activity nothing runs: it is left out. */
export function* activeActivities(list: readonly TreeActivity[]): Generator<TreeActivity> {
  for (const activity of list) {
    if (activity.inactive) continue
    yield activity
    for (const inner of activity.inner) yield* activeActivities(inner)
  }
}

/** Every list of activities: the pipeline's own and those inside containers. */
export function* listsOf(list: readonly TreeActivity[]): Generator<readonly TreeActivity[]> {
  yield list
  for (const one of list) if (!one.inactive) for (const inner of one.inner) yield* listsOf(inner)
}

function innerLists(properties: JsonObject, path: Path, depth: number): TreeActivity[][] {
  const lists = branches.map((branch) => activityTree(property(properties, branch), [...path, branch], depth))
  const cases = property(properties, 'cases')
  if (Array.isArray(cases))
    cases.forEach((one, index) => {
      if (isObject(one))
        lists.push(activityTree(property(one, 'activities'), [...path, 'cases', index, 'activities'], depth))
    })
  return lists.filter((list) => list.length > 0)
}

function dependenciesOf(raw: JsonObject): TreeActivity['dependsOn'] {
  const list = property(raw, 'dependsOn')
  if (!Array.isArray(list)) return []
  return list.flatMap((one) => {
    if (!isObject(one)) return []
    const conditions = property(one, 'dependencyConditions')
    const named = Array.isArray(conditions)
      ? conditions.map((each) => textOf(each).toLowerCase())
      : ['succeeded']
    return [{ activity: textOf(property(one, 'activity')), conditions: named }]
  })
}

/** Text, or empty where there is none. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
