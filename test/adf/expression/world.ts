import type { JsonValue } from '../../../adf/json.ts'
import { evaluate } from '../../../adf/expression/evaluate.ts'
import type { Environment, Scope } from '../../../adf/expression/scope.ts'

/** The scope of `observed.jsonl`: what Microsoft's evaluator was given. */
export const scope = {
  system: { DataFactory: 'gelsight', Pipeline: 'bronze_ingest', RunId: 'run-1' },
  parameters: { a: 'x', n: 5, f: 1.5, o: { A: 1, a: 2 }, z: null },
  globalParameters: { region: 'eu' },
  variables: { V: 'v' },
  activities: { Act: { output: { firstRow: { Id: 7 } }, status: 'Succeeded' } },
  item: { k: 1 },
} satisfies Scope

/** 2026-11-21T12:09:24.1235000Z; a fraction of a millisecond carries ticks. */
export const environment: Environment = {
  now: () => Date.UTC(2026, 10, 21, 12, 9, 24, 123) + 0.5,
  guid: () => '0f8fad5b-d9cb-469f-a165-70867728950e',
  random: () => 0.5,
}

export function run(text: JsonValue, over: Scope = scope): JsonValue {
  return evaluate(text, over, environment)
}
