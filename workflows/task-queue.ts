import { workflowInfo } from '@temporalio/workflow'
import type { JsonValue } from '../adf/json.ts'
import type { Plan } from '../adf/plan/plan.ts'
import type { ActivityInvocation, ResolvedDataset } from '../adf/run/run.ts'

type Places = Pick<ActivityInvocation, 'typeProperties' | 'linkedService' | 'inputs' | 'outputs'> &
  Pick<ActivityInvocation, 'datasets' | 'linkedServices'>

/**
 * The task queue of the integration runtime through which an activity reaches its data, where factory.yaml maps it: the activity's own
 * `connectVia`, else that of its linked service, its outputs, its inputs. Nothing where the run's own queue is meant.
 */
export function queueOption(plan: Plan, activity: Places): { readonly taskQueue?: string } {
  if (plan.integrationRuntimes === undefined) return {}
  const datasets = [...activity.outputs, ...activity.inputs, ...Object.values(activity.datasets)]
  const services = [
    ...(activity.linkedService === null ? [] : [activity.linkedService.name]),
    ...datasets.map((one) => one.linkedService.name),
    ...Object.values(activity.linkedServices).map(({ name }) => name),
  ]
  return firstQueue(plan, [runtimeIn(activity.typeProperties['connectVia']), ...runtimesOf(plan, services)])
}

/** The same for an activity that asks for one dataset only. */
export function queueOfDataset(plan: Plan, dataset: ResolvedDataset): { readonly taskQueue?: string } {
  return firstQueue(plan, runtimesOf(plan, [dataset.linkedService.name]))
}

function firstQueue(plan: Plan, names: readonly (string | null)[]): { readonly taskQueue?: string } {
  for (const name of names) {
    const found = Object.entries(plan.integrationRuntimes ?? {}).find(
      ([key]) => key.toLowerCase() === name?.toLowerCase(),
    )
    if (found === undefined) continue
    const [runtime, { taskQueue }] = found
    return { taskQueue: taskQueue ?? `${workflowInfo().taskQueue}-${runtime}` }
  }
  return {}
}

function runtimesOf(plan: Plan, services: readonly string[]): (string | null)[] {
  return services.map((name) => plan.linkedServices[name]?.integrationRuntime ?? null)
}

function runtimeIn(connectVia: JsonValue | undefined): string | null {
  if (typeof connectVia !== 'object' || connectVia === null || Array.isArray(connectVia)) return null
  const name = connectVia['referenceName']
  return typeof name === 'string' ? name : null
}
