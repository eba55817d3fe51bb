import type { JsonObject, JsonValue } from '../json.ts'
import type { FactoryProperties } from '../resource/factory.ts'
import { isObject } from '../resource/fields.ts'
import { branches, property } from './pipeline-scope.ts'

type Mappings = FactoryProperties['activityMappings']

export interface MappedActivity {
  /** The activity as it is planned: the one that was written, or what factory.yaml puts in its place. */
  readonly raw: JsonObject
  /** What the mapping is for, `notebook "/x"`; null where nothing is mapped. */
  readonly mapped: string | null
  /** Parameters that the mapping reads and the activity does not give. */
  readonly missing: readonly string[]
}

/**
 * Puts an activity of ours in the place of an ExecuteDataFlow or a DatabricksNotebook whose data flow or notebook `activityMappings` of
 * factory.yaml names. `$baseParameters.<name>` in the mapping becomes what the activity hands to the notebook or the data flow.
 */
export function mapActivity(raw: JsonObject, mappings: Mappings): MappedActivity {
  const target = targetOf(raw)
  const found = target === null ? undefined : ownEntry(mappings[target.kind], target.name, target.kind)
  if (target === null || found === undefined) return { raw, mapped: null, missing: [] }
  const missing: string[] = []
  const typeProperties = withParameters(found.typeProperties, target.parameters, missing)
  const rest = Object.entries(raw).filter(
    ([key]) => !/^(type|typeProperties|linkedServiceName|inputs|outputs)$/i.test(key),
  )
  return {
    raw: { ...Object.fromEntries(rest), type: found.activity, typeProperties },
    mapped: `${target.kind === 'notebooks' ? 'notebook' : 'data flow'} ${JSON.stringify(target.name)}`,
    missing,
  }
}

/** `data flow "x"`, for messages. */
export function dataFlowOf(raw: JsonObject): string {
  const found = targetOf(raw)
  return found?.kind === 'dataFlows' ? `data flow ${JSON.stringify(found.name)}` : 'a data flow'
}

/** The same for a list of activities and all that they hold. */
export function mapActivities(list: JsonValue | undefined, mappings: Mappings): JsonValue | undefined {
  if (!Array.isArray(list)) return list
  return list.map((one) => (isObject(one) ? mapWithInner(mapActivity(one, mappings).raw, mappings) : one))
}

function mapWithInner(raw: JsonObject, mappings: Mappings): JsonObject {
  const properties = property(raw, 'typeProperties')
  if (!isObject(properties)) return raw
  const inner = Object.entries(properties).map(([key, value]) => {
    if (branches.some((one) => one.toLowerCase() === key.toLowerCase()))
      return [key, mapActivities(value, mappings) ?? null]
    if (key.toLowerCase() !== 'cases' || !Array.isArray(value)) return [key, value]
    const cases = value.map((one) =>
      isObject(one)
        ? Object.fromEntries(
            Object.entries(one).map(([name, held]) => [
              name,
              name.toLowerCase() === 'activities' ? (mapActivities(held, mappings) ?? null) : held,
            ]),
          )
        : one,
    )
    return [key, cases]
  })
  const name = Object.keys(raw).find((key) => key.toLowerCase() === 'typeproperties') ?? 'typeProperties'
  return { ...raw, [name]: Object.fromEntries(inner) }
}

interface Target {
  readonly kind: 'dataFlows' | 'notebooks'
  readonly name: string
  readonly parameters: JsonObject
}

function targetOf(raw: JsonObject): Target | null {
  const type = property(raw, 'type')
  const properties = property(raw, 'typeProperties')
  if (typeof type !== 'string' || !isObject(properties)) return null
  if (type.toLowerCase() === 'databricksnotebook')
    return target('notebooks', property(properties, 'notebookPath'), property(properties, 'baseParameters'))
  if (type.toLowerCase() !== 'executedataflow') return null
  const flow = property(properties, 'dataFlow')
  return isObject(flow)
    ? target('dataFlows', property(flow, 'referenceName'), property(flow, 'parameters'))
    : null
}

function target(
  kind: Target['kind'],
  name: JsonValue | undefined,
  parameters: JsonValue | undefined,
): Target | null {
  if (typeof name !== 'string') return null
  return { kind, name, parameters: isObject(parameters) ? parameters : {} }
}

/** Paths of notebooks are compared as they stand, names of data flows as ADF compares names. */
function ownEntry<T>(map: Readonly<Record<string, T>>, name: string, kind: Target['kind']): T | undefined {
  const same = (key: string): boolean =>
    kind === 'notebooks' ? key === name : key.toLowerCase() === name.toLowerCase()
  return Object.entries(map).find(([key]) => same(key))?.[1]
}

function withParameters(value: JsonObject, parameters: JsonObject, missing: string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, filledIn(inner, parameters, missing)]),
  )
}

function filledIn(value: JsonValue, parameters: JsonObject, missing: string[]): JsonValue {
  if (Array.isArray(value)) return value.map((one) => filledIn(one, parameters, missing))
  if (isObject(value)) return withParameters(value, parameters, missing)
  const name = typeof value === 'string' ? /^\$baseParameters\.(.+)$/.exec(value)?.[1] : undefined
  if (name === undefined) return value
  const found = property(parameters, name)
  if (found !== undefined) return found
  missing.push(name)
  return value
}
