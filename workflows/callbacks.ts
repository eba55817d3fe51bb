import { condition, defineSignal, setHandler, uuid4, workflowInfo } from '@temporalio/workflow'
import type { JsonValue } from '../adf/json.ts'
import type { CallbackPlace } from '../adf/run/run.ts'
import { callbackSignal } from '../adf/run/status.ts'
import type { Run } from './run.ts'

const callback = defineSignal<[token: string, body: JsonValue]>(callbackSignal)

/** Answers that calls of one workflow wait for. What nobody asked for, and a second answer, are dropped. */
class Callbacks {
  readonly #waiting = new Set<string>()
  readonly #answers = new Map<string, JsonValue>()

  constructor() {
    setHandler(callback, (token, body) => {
      if (this.#waiting.delete(token)) this.#answers.set(token, body)
    })
  }

  /** From now on an answer to this call counts. */
  expect(): CallbackPlace {
    const token = uuid4()
    this.#waiting.add(token)
    return { workflowId: workflowInfo().workflowId, token }
  }

  /** The answer; undefined when none came in time. Rejects when the run is cancelled. */
  async answer({ token }: CallbackPlace, timeoutMs: number): Promise<JsonValue | undefined> {
    await condition(() => this.#answers.has(token), timeoutMs)
    const answer = this.#answers.get(token)
    this.forget({ token })
    return answer
  }

  forget({ token }: Pick<CallbackPlace, 'token'>): void {
    this.#waiting.delete(token)
    this.#answers.delete(token)
  }
}

const ofRuns = new WeakMap<Run, Callbacks>()

/** Those of the workflow that this run is in; made when the first call needs them. */
export function callbacksOf(run: Run): Callbacks {
  const known = ofRuns.get(run) ?? new Callbacks()
  ofRuns.set(run, known)
  return known
}
