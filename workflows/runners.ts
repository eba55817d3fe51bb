import type { JsonValue } from '../adf/json.ts'
import type { PlannedActivity } from '../adf/plan/plan.ts'
import type { Try } from './run.ts'
import { runIfCondition, runSwitch } from './control/branches.ts'
import { runExecutePipeline } from './control/execute-pipeline.ts'
import { runForEach } from './control/for-each.ts'
import { runFail, runFilter, runWait } from './control/simple.ts'
import { runUntil } from './control/until.ts'
import { runValidation } from './control/validation.ts'
import { runWebHook } from './control/web-hook.ts'
import { runAppendVariable, runSetVariable } from './control/variables.ts'
import { runWork } from './work.ts'

/**
 * Carries out one try: resolves to the activity's output, rejects with what `failureOf` reads. A type without a runner does not compile.
 * No async function: the SDK keeps a stack trace of each promise, which is most of what the interpreter costs.
 */
export function runOnce(activity: PlannedActivity, attempt: Try): JsonValue | Promise<JsonValue> {
  switch (activity.type) {
    case 'ForEach':
      return runForEach(activity, attempt)
    case 'IfCondition':
      return runIfCondition(activity, attempt)
    case 'Switch':
      return runSwitch(activity, attempt)
    case 'Until':
      return runUntil(activity, attempt)
    case 'Wait':
      return runWait(activity, attempt)
    case 'SetVariable':
      return runSetVariable(activity, attempt)
    case 'AppendVariable':
      return runAppendVariable(activity, attempt)
    case 'Filter':
      return runFilter(activity, attempt)
    case 'Fail':
      return runFail(activity, attempt)
    case 'ExecutePipeline':
      return runExecutePipeline(activity, attempt)
    case 'WebHook':
      return runWebHook(activity, attempt)
    case 'Validation':
      return runValidation(activity, attempt)
    default:
      return runWork(activity, attempt)
  }
}
