import { Problem } from '../../adf/expression/expression-error.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { PlannedPipeline } from '../../adf/plan/plan.ts'
import { entryNamed } from '../name.ts'
import type { RecordedActivity } from './recorded-run.ts'

interface Change {
  readonly by: RecordedActivity
  readonly kind: 'SetVariable' | 'AppendVariable'
  /** Undefined: kept secret. */
  readonly value: JsonValue | undefined
}

/** A run's variables over time, from what its SetVariable and AppendVariable activities recorded. */
export class RecordedVariables {
  readonly #definitions: PlannedPipeline['variables']
  readonly #changes = new Map<string, Change[]>()

  constructor({ variables }: Pick<PlannedPipeline, 'variables'>, activities: readonly RecordedActivity[]) {
    this.#definitions = variables
    for (const by of activities) {
      const { activity } = by.place
      if (by.row.status !== 'Succeeded') continue
      if (activity.type !== 'SetVariable' && activity.type !== 'AppendVariable') continue
      if (activity.type === 'SetVariable' && activity.isReturnValue) continue
      const name = entryNamed(variables, activity.variableName)?.name
      if (name === undefined) continue
      const known = this.#changes.get(name) ?? []
      known.push({ by, kind: activity.type, value: recordedValue(by.row.input) })
      this.#changes.set(name, known)
    }
  }

  /** The values after the changes that `isBefore` holds for; each is made when it is read. */
  at(isBefore: (one: RecordedActivity) => boolean): JsonObject {
    const values: JsonObject = {}
    for (const name of Object.keys(this.#definitions))
      Object.defineProperty(values, name, { enumerable: true, get: () => this.#value(name, isBefore) })
    return values
  }

  #value(name: string, isBefore: (one: RecordedActivity) => boolean): JsonValue {
    const changes = this.#changes.get(name) ?? []
    const appended: JsonValue[] = []
    for (const { by, kind, value } of changes.toReversed()) {
      if (!isBefore(by)) continue
      if (value === undefined)
        throw new Problem(
          `the value that '${by.row.activity}' gave to '${name}' is not recorded, its policy says secureInput: give it with --scope`,
        )
      if (kind === 'SetVariable') return after(value, appended)
      appended.push(value)
    }
    return after(this.#definitions[name]?.defaultValue ?? null, appended)
  }
}

function after(value: JsonValue, appended: readonly JsonValue[]): JsonValue {
  return appended.length > 0 && Array.isArray(value) ? [...value, ...appended.toReversed()] : value
}

function recordedValue(input: JsonValue): JsonValue | undefined {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input['value'] : undefined
}
