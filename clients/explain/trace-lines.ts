import {
  explainable,
  explainActivity,
  type ExplainedExpression,
} from '../../engine/recorded/explain-activity.ts'
import type { RecordedActivity, RecordedRun } from '../../engine/recorded/recorded-run.ts'
import { toJsonText, typeName, type Value } from '../../adf/expression/value.ts'
import { explanationJson, explanationTree, resultText } from '../cli/explain-tree.ts'

/** An activity run with its iteration, as `--activity` takes it. */
function placeText({ row }: RecordedActivity): string {
  return row.iterationPath === '' ? row.activity : `${row.activity}[${row.iterationPath}]`
}

/** An activity run and its expressions, to be read. */
export function activityLines(run: RecordedRun, one: RecordedActivity, columns: number): string[] {
  const { status, retryAttempt } = one.row
  const attempt = retryAttempt === 0 ? '' : `  retry ${retryAttempt}`
  return [`${placeText(one)}  ${status}${attempt}`, ...expressionLines(run, one, columns)]
}

function expressionLines(run: RecordedRun, one: RecordedActivity, columns: number): string[] {
  if (one.place.activity.policy.secureInput)
    return ['  (its policy says secureInput: what it evaluated is not shown)']
  if (!explainable(one)) return ['  (evaluated nothing)']
  const explained = explainActivity(run, one)
  if (explained.length === 0) return ['  (no expressions)']
  return explained.flatMap(({ path, explanation, recorded }) => {
    const { outcome } = explanation
    return [
      outcome.kind === 'value' ? `  ${path} = ${shownValue(outcome.value)}` : `  ${path}  ✗`,
      ...explanationTree(explanation, columns - 2).map((line) => `  ${line}`),
      ...(recorded === undefined ? [] : [`    in the run: ${toJsonText(recorded)}`]),
    ]
  })
}

/** A list of a hundred thousand is no use on a screen; `--json` has it. */
const mostCharacters = 2_000

function shownValue(value: Value): string {
  const text = toJsonText(value)
  if (text.length <= mostCharacters) return resultText(value)
  return `${text.slice(0, mostCharacters)}… (${text.length} characters; --json shows all)  ${typeName(value)}`
}

/** The same for programs: an object an expression. */
export function* activityObjects(run: RecordedRun, one: RecordedActivity) {
  if (!explainable(one)) return
  const { activity, iterationPath, retryAttempt, status } = one.row
  for (const explained of explainActivity(run, one))
    yield { activity, iterationPath, retryAttempt, status, ...expressionJson(explained) }
}

function expressionJson({ path, explanation, recorded }: ExplainedExpression) {
  return { path, ...explanationJson(explanation), ...(recorded === undefined ? {} : { recorded }) }
}
