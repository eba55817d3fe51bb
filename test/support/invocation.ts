import type { JsonObject } from '../../adf/json.ts'
import type { ActivityInvocation, RunContext } from '../../adf/run/run.ts'

export interface InvocationChanges extends Partial<Omit<ActivityInvocation, 'run'>> {
  readonly run?: Partial<RunContext>
}

/** What a worker would hand to an activity, for a test of the activity alone. Its run is of batch `b1`, started by hand. */
export function invocationOf(
  type: string,
  typeProperties: JsonObject,
  { run = {}, ...changes }: InvocationChanges = {},
): ActivityInvocation {
  const { batch = 'b1', pipeline = 'p', runId = 'run-1' } = run
  return {
    name: type,
    type,
    typeProperties,
    datasets: {},
    linkedServices: {},
    inputs: [],
    outputs: [],
    linkedService: null,
    iterationPath: '',
    retryAttempt: 0,
    timeoutMs: 60_000,
    secureInput: false,
    secureOutput: false,
    resources: {},
    ...changes,
    run: {
      factory: 'test',
      environment: 'dev',
      pipeline,
      runId,
      groupId: runId,
      workflowId: `${pipeline}/${batch}`,
      batch,
      trigger: { type: 'Manual', name: 'manual', id: 't', scheduledTime: null, body: {} },
      triggerTime: '2026-11-21T09:30:00.0000000Z',
      ...run,
    },
  }
}
