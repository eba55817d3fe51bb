import type { workActivities } from '../activity/activity-types.ts'
import type { JsonObject, JsonValue } from '../json.ts'

/**
 * What the engine runs: a pipeline and all that it can reach, validated, every default filled in, frozen.
 * It is the workflow's argument; a run never reads a definition again.
 */
export interface Plan {
  readonly factory: string
  readonly environment: string
  /** The pipeline that a run of this plan starts with. */
  readonly pipeline: string
  /** By name: `pipeline`, what it reaches through ExecutePipeline, and what its chained triggers start. */
  readonly pipelines: Readonly<Record<string, PlannedPipeline>>
  readonly datasets: Readonly<Record<string, PlannedDataset>>
  readonly linkedServices: Readonly<Record<string, PlannedLinkedService>>
  readonly globalParameters: JsonObject
  /** Integration runtimes that factory.yaml maps: their task queue; null is `<the run's own>-<name>`. Absent where none is mapped. */
  readonly integrationRuntimes?: Readonly<Record<string, { readonly taskQueue: string | null }>>
  /** ChainingTriggers that are Started and whose upstream pipeline is in this plan. */
  readonly chain: readonly PlannedChain[]
  /** Other files of the factory (tables, routine schemas …): path inside the factory → SHA-256; bytes lie in the lake under `_plans/{sha256}`. */
  readonly resources: Readonly<Record<string, string>>
  /** SHA-256 of the canonical JSON of all of the above: the same definition gives the same hash. */
  readonly hash: string
}

export type ParameterType = 'String' | 'Int' | 'Float' | 'Bool' | 'Array' | 'Object' | 'SecureString'
export type VariableType = 'String' | 'Bool' | 'Array' | 'Integer'

export interface PlannedPipeline {
  readonly name: string
  /** `defaultValue` undefined: the parameter must be given. */
  readonly parameters: Readonly<
    Record<string, { readonly type: ParameterType; readonly defaultValue?: JsonValue }>
  >
  readonly variables: Readonly<
    Record<string, { readonly type: VariableType; readonly defaultValue: JsonValue }>
  >
  readonly activities: readonly PlannedActivity[]
  readonly annotations: readonly string[]
  /** Dimension name → expression over the pipeline's scope; what a ChainingTrigger joins on. */
  readonly runDimensions: Readonly<Record<string, JsonValue>>
  /** Most runs of this pipeline at once; null: no limit. */
  readonly concurrency: number | null
}

export type DependencyCondition = 'Succeeded' | 'Failed' | 'Skipped' | 'Completed'

export interface Dependency {
  readonly activity: string
  readonly conditions: readonly DependencyCondition[]
}

export interface PlannedPolicy {
  /** How long one attempt may run. */
  readonly timeoutMs: number
  /** Attempts after the first. */
  readonly retry: number
  readonly retryIntervalMs: number
  readonly secureInput: boolean
  readonly secureOutput: boolean
}

/** What every activity has, whatever its type. */
export interface ActivityBase {
  readonly name: string
  readonly dependsOn: readonly Dependency[]
  readonly userProperties: readonly { readonly name: string; readonly value: JsonValue }[]
  /** What dependants see when the activity is Inactive; null when it is Active. */
  readonly inactiveAs: 'Succeeded' | 'Failed' | 'Skipped' | null
  readonly policy: PlannedPolicy
}

/**
 * Values typed `Expression` may hold expressions anywhere inside: strings that start with `@` or contain `@{`.
 * ADF's wrapper `{ value, type: 'Expression' }` is already unwrapped to its string.
 */
export type Expression = JsonValue

export type ControlActivity = ActivityBase &
  (
    | {
        readonly type: 'ForEach'
        readonly items: Expression
        readonly isSequential: boolean
        readonly batchCount: number
        readonly activities: readonly PlannedActivity[]
      }
    | {
        readonly type: 'IfCondition'
        readonly expression: Expression
        readonly ifTrue: readonly PlannedActivity[]
        readonly ifFalse: readonly PlannedActivity[]
      }
    | {
        readonly type: 'Switch'
        readonly on: Expression
        readonly cases: readonly { readonly value: string; readonly activities: readonly PlannedActivity[] }[]
        readonly defaultActivities: readonly PlannedActivity[]
      }
    | {
        readonly type: 'Until'
        readonly expression: Expression
        readonly timeoutMs: number
        readonly activities: readonly PlannedActivity[]
      }
    | { readonly type: 'Wait'; readonly waitTimeInSeconds: Expression }
    | {
        readonly type: 'SetVariable'
        readonly variableName: string
        readonly value: Expression
        readonly isReturnValue: boolean
      }
    | { readonly type: 'AppendVariable'; readonly variableName: string; readonly value: Expression }
    | { readonly type: 'Filter'; readonly items: Expression; readonly condition: Expression }
    | { readonly type: 'Fail'; readonly message: Expression; readonly errorCode: Expression }
    | {
        readonly type: 'ExecutePipeline'
        readonly pipeline: string
        readonly parameters: JsonObject
        readonly waitOnCompletion: boolean
      }
    | {
        readonly type: 'Validation'
        readonly dataset: DatasetReference
        readonly timeoutMs: number
        readonly sleepMs: number
        readonly minimumSize: Expression
        readonly childItems: boolean | null
      }
  )

/** An activity that a worker carries out: a Temporal activity of the same name as its `type`. */
export interface WorkActivity extends ActivityBase {
  readonly type: WorkActivityType
  /** Checked for shape at plan time; expressions are evaluated by the run, then checked again by the activity. */
  readonly typeProperties: JsonObject
  readonly linkedService: LinkedServiceReference | null
  readonly inputs: readonly DatasetReference[]
  readonly outputs: readonly DatasetReference[]
}

export type PlannedActivity = ControlActivity | WorkActivity
export type ControlActivityType = ControlActivity['type']

/** Every type that a worker carries out. One file each in `activities/`; the table in adf/activity names them. */
export type WorkActivityType = keyof typeof workActivities

export interface DatasetReference {
  readonly referenceName: string
  readonly parameters: JsonObject
}

export interface LinkedServiceReference {
  readonly referenceName: string
  readonly parameters: JsonObject
}

export interface PlannedDataset {
  readonly name: string
  readonly type: string
  readonly parameters: PlannedPipeline['parameters']
  readonly typeProperties: JsonObject
  readonly linkedService: LinkedServiceReference
}

export interface PlannedLinkedService {
  readonly name: string
  readonly type: string
  /** Through which it is reached, where factory.yaml maps it to a task queue; else absent. */
  readonly integrationRuntime?: string
  readonly parameters: PlannedPipeline['parameters']
  readonly typeProperties: JsonObject
}

/** ADF's ChainingTrigger: when `upstream` succeeds, `pipeline` starts with these parameters. */
export interface PlannedChain {
  readonly trigger: string
  readonly upstream: string
  readonly pipeline: string
  /** May read `@trigger().runDimensions.<name>` of the upstream run. */
  readonly parameters: JsonObject
}
