import { setImmediate } from 'node:timers/promises'
import type { JsonObject } from '../../adf/json.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import type { Stub, Stubs } from '../../testing/stub.ts'
import type { UnitRun, UnitRunInput } from '../../testing/unit-run.ts'
import { runUnit } from '../../testing/unit-run.ts'

/** A unit run of a plan by hand, from 2026-01-01 on. */
export function unitRun(
  plan: Plan,
  stubs: Readonly<Record<string, Stub>> = {},
  input: Partial<UnitRunInput> = {},
): Promise<UnitRun> {
  return runUnit({
    plan,
    parameters: {},
    variables: {},
    trigger: { type: 'Manual', name: 'test', id: 'test', scheduledTime: null, body: {} },
    startTime: Date.UTC(2026, 0, 1),
    stubs: stubsOf(stubs),
    idle: () => setImmediate(),
    ...input,
  })
}

function stubsOf(stubs: Readonly<Record<string, Stub>>): Stubs {
  return new Map(Object.entries(stubs).map(([name, stub]) => [name.toLowerCase(), stub]))
}

export function output(value: JsonObject = {}, takesMs = 0): Stub {
  return { kind: 'output', output: value, takesMs }
}

export function error(message: string, errorCode = 'Error'): Stub {
  return { kind: 'error', error: { errorCode, message, failureType: 'SystemError' }, takesMs: 0 }
}

export function labels(run: Pick<UnitRun, 'ran'>): string[] {
  return run.ran.map((step) => step.label)
}
