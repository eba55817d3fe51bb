import type { JsonObject } from '../../../adf/json.ts'
import type { ActivityInvocation } from '../../../adf/run/run.ts'

export function invocationOf(
  name: string,
  batch: string,
  typeProperties: JsonObject,
  resources: Readonly<Record<string, string>>,
): ActivityInvocation {
  return {
    name,
    type: name,
    typeProperties,
    datasets: {},
    inputs: [],
    outputs: [],
    linkedService: null,
    run: {
      factory: 'gelsight',
      environment: 'dev',
      pipeline: 'silver_transform',
      runId: 'run-1',
      groupId: 'run-1',
      workflowId: `silver_transform/${batch}`,
      batch,
      trigger: { type: 'Manual', name: 'test', id: 'test', scheduledTime: null, body: {} },
      triggerTime: '2026-03-01T00:00:00.0000000Z',
    },
    iterationPath: '',
    retryAttempt: 0,
    timeoutMs: 60_000,
    secureInput: false,
    secureOutput: false,
    resources,
  }
}
