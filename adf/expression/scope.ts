import type { Value, ValueObject } from './value.ts'

/**
 * What an expression can see. A root that is left out is not legal where the expression stands: using it is an error
 * that says so. Names are looked up regardless of case.
 */
export interface Scope {
  /** System variables of `pipeline()`: DataFactory, Pipeline, RunId, TriggerType, TriggerTime … */
  readonly system?: ValueObject
  readonly parameters?: ValueObject
  readonly globalParameters?: ValueObject
  readonly variables?: ValueObject
  /** Activities that ended, by name: `{ output, error, Status, Duration … }`. */
  readonly activities?: { readonly [name: string]: ValueObject }
  /** `item()`; undefined outside ForEach and Filter. */
  readonly item?: Value
  /** Parameters of the dataset, for expressions inside a dataset. */
  readonly dataset?: ValueObject
  /** Parameters of the linked service, for expressions inside a linked service. */
  readonly linkedService?: ValueObject
  /** `trigger()`, in a trigger's parameter map only. */
  readonly trigger?: ValueObject
  /** `triggerBody()`, in a trigger's parameter map only. */
  readonly triggerBody?: Value
}

/** The outside world of an evaluation: a workflow gives its own deterministic clock and random. */
export interface Environment {
  /** Milliseconds since 1970, UTC; a fraction carries .NET's ticks of 100 ns. */
  now(): number
  /** A UUID in lower case with hyphens. */
  guid(): string
  /** In [0, 1). */
  random(): number
}
