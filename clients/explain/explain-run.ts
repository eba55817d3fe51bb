import { randomUUID } from 'node:crypto'
import { explain } from '../../adf/expression/explain.ts'
import type { Scope } from '../../adf/expression/scope.ts'
import type { Settings } from '../../config/settings.ts'
import { environmentAt } from '../../engine/recorded/recorded-run.ts'
import { withClient } from '../cli/connect.ts'
import { exitCodes, type ExitCode } from '../cli/exit-codes.ts'
import { printExplanation } from '../cli/explain-tree.ts'
import { findRun } from '../cli/find-run.ts'
import { jsonText, type Terminal } from '../cli/terminal.ts'
import { findActivity } from './find-activity.ts'
import { openRecordedRun } from './open-recorded-run.ts'
import { overlaid } from './overlaid-scope.ts'
import { activityLines, activityObjects } from './trace-lines.ts'

export interface RunQuestion {
  /** Workflow id or run id. */
  readonly name: string
  readonly expression: string | undefined
  /** Replaces parts of what the run saw. */
  readonly given: Scope
  readonly activity: string | undefined
  readonly trace: boolean
  readonly asJson: boolean
}

/** `headrace explain --run`: one expression as a run saw it, or every expression of one activity or of all. */
export async function explainRun(
  settings: Settings,
  terminal: Terminal,
  question: RunQuestion,
): Promise<ExitCode> {
  const { name, expression, activity, asJson } = question
  const { run, notes } = await withClient(settings, async (client) =>
    openRecordedRun(client, settings, await findRun(client, name)),
  )
  for (const note of notes) terminal.note(note)
  const of = activity === undefined ? null : findActivity(run, activity)
  if (expression === undefined) {
    for (const one of of === null ? run.activities : [of])
      if (asJson)
        for (const object of activityObjects(run, one)) await terminal.write(`${jsonText(object)}\n`)
      else await terminal.write(`${activityLines(run, one, terminal.columns).join('\n')}\n`)
    return exitCodes.ok
  }
  const moment = of === null ? null : ({ of, at: 'start' } as const)
  const environment =
    moment === null ? { now: Date.now, guid: randomUUID, random: Math.random } : environmentAt(moment)
  const explanation = explain(expression, overlaid(run.scopeAt(moment), question.given), environment)
  printExplanation(terminal, explanation, asJson)
  return explanation.outcome.kind === 'error' ? exitCodes.failed : exitCodes.ok
}
