import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type {
  ActivityBase,
  Dependency,
  DependencyCondition,
  Plan,
  PlannedActivity,
  PlannedPipeline,
  PlannedPolicy,
  WorkActivity,
} from '../../adf/plan/plan.ts'

/** Small plans by hand, for tests of the engine and of the workflows. */

const policy: PlannedPolicy = {
  timeoutMs: 60_000,
  retry: 0,
  retryIntervalMs: 10,
  secureInput: false,
  secureOutput: false,
}

export interface BaseOptions {
  /** `'A'`: on success; `['A', 'Failed', 'Skipped']`: on these. */
  readonly after?: readonly (string | readonly [string, ...DependencyCondition[]])[]
  readonly policy?: Partial<PlannedPolicy>
  readonly inactiveAs?: ActivityBase['inactiveAs']
  readonly userProperties?: ActivityBase['userProperties']
}

export function base(name: string, options: BaseOptions = {}): ActivityBase {
  return {
    name,
    dependsOn: (options.after ?? []).map(dependency),
    userProperties: options.userProperties ?? [],
    inactiveAs: options.inactiveAs ?? null,
    policy: { ...policy, ...options.policy },
  }
}

function dependency(after: string | readonly [string, ...DependencyCondition[]]): Dependency {
  if (typeof after === 'string') return { activity: after, conditions: ['Succeeded'] }
  const [activity, ...conditions] = after
  return { activity, conditions }
}

/** A work activity; the fake worker of `test/support/pipeline-worker.ts` does what its typeProperties say. */
export function work(name: string, typeProperties: JsonObject = {}, options: BaseOptions = {}): WorkActivity {
  return {
    ...base(name, options),
    type: 'BuildTable',
    typeProperties,
    linkedService: null,
    inputs: [],
    outputs: [],
  }
}

export function setVariable(name: string, variableName: string, value: JsonValue, options: BaseOptions = {}) {
  return { ...base(name, options), type: 'SetVariable', variableName, value, isReturnValue: false } as const
}

export function returnValue(name: string, value: JsonValue, options: BaseOptions = {}) {
  const variableName = 'pipelineReturnValue'
  return { ...base(name, options), type: 'SetVariable', variableName, value, isReturnValue: true } as const
}

export function append(name: string, variableName: string, value: JsonValue, options: BaseOptions = {}) {
  return { ...base(name, options), type: 'AppendVariable', variableName, value } as const
}

export function wait(name: string, seconds: JsonValue, options: BaseOptions = {}) {
  return { ...base(name, options), type: 'Wait', waitTimeInSeconds: seconds } as const
}

export function fail(name: string, message: JsonValue, errorCode: JsonValue, options: BaseOptions = {}) {
  return { ...base(name, options), type: 'Fail', message, errorCode } as const
}

export function forEach(
  name: string,
  items: JsonValue,
  activities: readonly PlannedActivity[],
  options: BaseOptions & { isSequential?: boolean; batchCount?: number } = {},
) {
  const { isSequential = false, batchCount = 20 } = options
  return { ...base(name, options), type: 'ForEach', items, activities, isSequential, batchCount } as const
}

export function until(
  name: string,
  expression: JsonValue,
  activities: readonly PlannedActivity[],
  options: BaseOptions & { timeoutMs?: number } = {},
) {
  const { timeoutMs = 60_000 } = options
  return { ...base(name, options), type: 'Until', expression, timeoutMs, activities } as const
}

export function ifCondition(
  name: string,
  expression: JsonValue,
  ifTrue: readonly PlannedActivity[],
  ifFalse: readonly PlannedActivity[] = [],
  options: BaseOptions = {},
) {
  return { ...base(name, options), type: 'IfCondition', expression, ifTrue, ifFalse } as const
}

export function pipeline(
  name: string,
  activities: readonly PlannedActivity[],
  options: Partial<PlannedPipeline> = {},
): PlannedPipeline {
  return {
    name,
    parameters: {},
    variables: {},
    annotations: [],
    runDimensions: {},
    concurrency: null,
    ...options,
    activities,
  }
}

/** The first pipeline is the one that runs. */
export function plan(pipelines: readonly PlannedPipeline[], options: Partial<Plan> = {}): Plan {
  return {
    factory: 'test',
    environment: 'dev',
    pipeline: pipelines[0]?.name ?? '',
    pipelines: Object.fromEntries(pipelines.map((one) => [one.name, one])),
    datasets: {},
    linkedServices: {},
    globalParameters: {},
    chain: [],
    resources: {},
    hash: '0'.repeat(64),
    ...options,
  }
}
