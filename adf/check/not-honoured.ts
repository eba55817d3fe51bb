import {
  controlActivities,
  findActivityType,
  isControlType,
  otherAdfTypes,
  workActivities,
} from '../activity/activity-types.ts'
import { copySourceTypes } from '../activity/copy/source-types.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { dataFlowOf } from '../plan/map-activities.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject, show } from '../resource/fields.ts'
import { parameterType } from '../resource/pipeline.ts'
import type { Path } from '../text/positions.ts'
import type { TreeActivity } from './activity-tree.ts'
import { activeActivities, textOf } from './activity-tree.ts'
import type { Level } from './finding.ts'
import type { LintedPipeline } from './lint.ts'
import { unusedProperties } from './unused-properties.ts'

/** Something that is read here and not done, or not done as in ADF. */
export interface NotHonoured {
  readonly id: string
  readonly level: Level
  readonly path: Path
  readonly message: string
}

/** Of a pipeline: its own properties and those of its activities. A row goes when what it tells of is done. */
export function* notHonouredInPipeline({ raw, activities }: LintedPipeline): Generator<NotHonoured> {
  yield* ofPipeline(raw)
  yield* inactiveOnes(activities)
  for (const activity of activeActivities(activities)) yield* ofActivity(activity)
}

function* ofPipeline(raw: JsonObject): Generator<NotHonoured> {
  const at = (...path: string[]): Path => ['properties', ...path]
  const concurrency = property(raw, 'concurrency')
  if (concurrency !== undefined && concurrency !== null)
    yield {
      id: 'concurrency',
      level: 'review',
      path: at('concurrency'),
      message:
        Number(concurrency) === 1
          ? '1 is kept between the runs of one schedule only: runs that are started otherwise run beside them'
          : `${show(concurrency)} is not kept: no run waits for another one`,
    }
  const policy = property(raw, 'policy')
  for (const [key, value] of isObject(policy) ? Object.entries(policy) : []) {
    // ADF's editor writes empty ones.
    if (isObject(value) && Object.keys(value).length === 0) continue
    const isMetric = key.toLowerCase() === 'elapsedtimemetric'
    yield {
      id: isMetric ? 'elapsed-time-metric' : 'pipeline-policy',
      level: 'review',
      path: at('policy', key),
      message: isMetric ? 'is not measured: no metric tells that a run takes too long' : 'is not used',
    }
  }
  if (lengthOf(property(raw, 'annotations')) > 0)
    yield {
      id: 'annotations',
      level: 'note',
      path: at('annotations'),
      message: 'are kept in the plan; runs cannot be filtered by them',
    }
  for (const [name, one] of Object.entries(asObject(raw, 'parameters'))) {
    if (!isObject(one) || parameterType.safeParse(property(one, 'type')).data !== 'SecureString') continue
    yield {
      id: 'secure-parameter',
      level: 'review',
      path: at('parameters', name, 'type'),
      message: `SecureString is not hidden: the value of ${show(name)} is readable in the run's history`,
    }
  }
}

function* inactiveOnes(list: readonly TreeActivity[]): Generator<NotHonoured> {
  for (const one of list) {
    if (one.inactive)
      yield {
        id: 'inactive',
        level: 'note',
        path: [...one.path, 'state'],
        message: `${show(one.name)} is Inactive, as in ADF: it never runs, and nothing inside it was judged`,
      }
    else for (const inner of one.inner) yield* inactiveOnes(inner)
  }
}

function* ofActivity(activity: TreeActivity): Generator<NotHonoured> {
  const { path, raw, typeProperties } = activity
  const type = findActivityType(activity.type)
  if (type === undefined) {
    if (activity.type === '') return
    const known = otherAdfTypes.some((one) => one.toLowerCase() === activity.type.toLowerCase())
    yield {
      id: 'activity-type',
      level: 'unsupported',
      path: [...path, 'type'],
      message: /^executedataflow$/i.test(activity.type)
        ? `${activity.type} of ${dataFlowOf(raw)} does not run here; name an activity that takes its place in factory.yaml: activityMappings.dataFlows`
        : `${activity.type} ${known ? 'is an activity type of ADF that does not run here' : 'is no activity type that is known here'}`,
    }
    return
  }
  const policy = property(raw, 'policy')
  if (isControlType(type) && isObject(policy))
    for (const key of Object.keys(policy))
      if (/^(timeout|retry|retryIntervalInSeconds)$/i.test(key) && !isStandard(policy[key]))
        yield {
          id: 'control-policy',
          level: 'note',
          path: [...path, 'policy', key],
          message: `has no effect on ${type}, nor has it in ADF`,
        }
  const schema = isControlType(type) ? controlActivities[type] : workActivities[type]
  yield* unusedProperties(typeProperties, schema, [...path, 'typeProperties'])
  const source = textOf(property(asObject(typeProperties, 'source'), 'type'))
  const isKnown = Object.keys(copySourceTypes).some((one) => one.toLowerCase() === source.toLowerCase())
  // Copy's own schema refuses such a source already.
  if (type === 'Lookup' && source !== '' && !isKnown)
    yield {
      id: 'source-type',
      level: 'unsupported',
      path: [...path, 'typeProperties', 'source', 'type'],
      message: `${show(source)} is no source that runs here; sources are: ${Object.keys(copySourceTypes).join(', ')}`,
    }
  const identity = textOf(property(asObject(typeProperties, 'authentication'), 'type'))
  if (/^(msi|userassignedmanagedidentity)$/i.test(identity))
    yield {
      id: 'authentication',
      level: 'unsupported',
      path: [...path, 'typeProperties', 'authentication', 'type'],
      message: `${show(identity)} does not run here: this machine has no managed identity; use ServicePrincipal with a secret of a vault`,
    }
}

/** `retry: 0` says what would be without it. */
function isStandard(value: JsonValue | undefined): boolean {
  return value === 0 || value === '0'
}

export function asObject(owner: JsonValue | undefined, key: string): JsonObject {
  const found = isObject(owner) ? property(owner, key) : undefined
  return isObject(found) ? found : {}
}

function lengthOf(value: JsonValue | undefined): number {
  return Array.isArray(value) ? value.length : 0
}
