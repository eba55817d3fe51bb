import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { PlannedPipeline, VariableType } from '../adf/plan/plan.ts'
import { entryNamed } from './name.ts'

/** What a run does to its variables and its return value; a loop's lanes send these back to be applied in order. */
export type VariableOperation =
  | { readonly kind: 'Set'; readonly variable: string; readonly value: JsonValue }
  | { readonly kind: 'Append'; readonly variable: string; readonly value: JsonValue }
  | { readonly kind: 'Return'; readonly values: JsonObject }

export type VariableTypes = Readonly<Record<string, { readonly type: VariableType }>>

/** ADF's names of types, as its messages spell them. */
const typeNames: Readonly<Record<VariableType, string>> = {
  String: 'String',
  Bool: 'Boolean',
  Array: 'Array',
  Integer: 'Integer',
}

/** Values at the start of a run; throws a DefinitionError where a default is not of its variable's type. */
export function initialVariables(pipeline: Pick<PlannedPipeline, 'variables'>): JsonObject {
  const values = Object.entries(pipeline.variables).map(([name, { type, defaultValue }]) => {
    if (typeOf(defaultValue) !== typeNames[type]) throw mismatch(name, type, defaultValue)
    return [name, defaultValue] as const
  })
  return Object.fromEntries(values)
}

/** A run's variables and return value, and what was done to them since they were made. */
export class Variables {
  readonly #types: VariableTypes
  readonly #values: Map<string, JsonValue>
  /** Arrays that nobody else holds: only these may be appended to in place, or a long loop would copy without end. */
  readonly #owned = new Set<string>()
  readonly #operations: VariableOperation[] = []
  #returnValue: JsonObject = {}

  constructor(types: VariableTypes, values: JsonObject) {
    this.#types = types
    this.#values = new Map(Object.entries(values))
  }

  get operations(): readonly VariableOperation[] {
    return this.#operations
  }

  get returnValue(): JsonObject {
    return this.#returnValue
  }

  /** What `variables()` reads. Reading an array makes it shared. */
  view(): JsonObject {
    const view: JsonObject = {}
    for (const name of this.#values.keys()) {
      Object.defineProperty(view, name, { enumerable: true, get: () => this.#read(name) })
    }
    return view
  }

  /** Every value as it stands. */
  values(): JsonObject {
    return { ...this.view() }
  }

  /** Throws a DefinitionError in ADF's words where the variable is unknown or of another type. */
  apply(operation: VariableOperation): void {
    if (operation.kind === 'Return') this.#returnValue = { ...this.#returnValue, ...operation.values }
    else if (operation.kind === 'Set') this.#set(operation.variable, operation.value)
    else this.#append(operation.variable, operation.value)
    this.#operations.push(operation)
  }

  #set(variable: string, value: JsonValue): void {
    const { name, type } = this.#definition(variable)
    if (typeOf(value) !== typeNames[type]) throw mismatch(name, type, value)
    this.#values.set(name, value)
    this.#owned.delete(name)
  }

  #append(variable: string, value: JsonValue): void {
    const { name, type } = this.#definition(variable)
    const current = this.#values.get(name)
    if (!Array.isArray(current)) {
      throw new DefinitionError(
        `The variable '${name}' of type '${typeNames[type]}' cannot be appended to; only variables of type 'Array' can`,
      )
    }
    if (this.#owned.has(name)) current.push(value)
    else this.#values.set(name, [...current, value])
    this.#owned.add(name)
  }

  #read(name: string): JsonValue {
    this.#owned.delete(name)
    return this.#values.get(name) ?? null
  }

  #definition(variable: string): { name: string; type: VariableType } {
    const entry = entryNamed(this.#types, variable)
    if (entry !== null) return { name: entry.name, type: entry.value.type }
    const known = Object.keys(this.#types).join(', ') || 'none'
    throw new DefinitionError(`The variable '${variable}' is not defined; variables are: ${known}`)
  }
}

function mismatch(name: string, type: VariableType, value: JsonValue): DefinitionError {
  return new DefinitionError(
    `The variable '${name}' of type '${typeNames[type]}' cannot be initialized or updated with value of type '${typeOf(value)}'. ` +
      `The variable '${name}' only supports values of types '${typeNames[type]}'.`,
  )
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'Null'
  if (Array.isArray(value)) return 'Array'
  switch (typeof value) {
    case 'string':
      return 'String'
    case 'boolean':
      return 'Boolean'
    case 'number':
      return Number.isInteger(value) ? 'Integer' : 'Float'
    default:
      return 'Object'
  }
}
