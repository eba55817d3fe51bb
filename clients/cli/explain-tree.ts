import type { Explanation, Outcome, Step } from '../../adf/expression/explain.ts'
import type { Terminal } from './terminal.ts'
import { toJson, toJsonText, typeName, type Value } from '../../adf/expression/value.ts'

export function resultText(value: Value): string {
  return `${toJsonText(value)}  ${typeName(value)}`
}

/** Value and tree; an error and what stands for itself go to the remarks. */
export function printExplanation(terminal: Terminal, explanation: Explanation, asJson: boolean): void {
  if (asJson) {
    terminal.json(explanationJson(explanation))
    return
  }
  const { outcome, steps } = explanation
  if (outcome.kind === 'value') terminal.print(resultText(outcome.value))
  for (const line of explanationTree(explanation, terminal.columns)) terminal.print(line)
  if (outcome.kind === 'error') terminal.note(outcome.error.message)
  else if (steps.length === 0)
    terminal.note(
      'This is plain text, which stands for itself; expressions start with @, or have @{…} in them.',
    )
}

/** An evaluation as an indented tree: `code = value`, what was not evaluated, and where it went wrong. */
export function explanationTree(explanation: Explanation, columns: number): string[] {
  return explanation.steps.flatMap((step) => stepLines(step, '  ', '', columns))
}

function stepLines(step: Step, indent: string, mark: string, columns: number): string[] {
  const room = Math.max(40, columns - indent.length - mark.length)
  const inner = shownSteps(step)
  const below = indent + (mark === '' ? '' : mark === '└ ' ? '  ' : '│ ')
  return [
    `${indent}${mark}${stepText(step, room)}`,
    ...inner.flatMap((one, index) =>
      stepLines(one, below, index === inner.length - 1 ? '└ ' : '├ ', columns),
    ),
  ]
}

/** What a reference takes its value from is left out: the whole scope would stand there. It helps where the reference fails. */
function shownSteps(step: Step): readonly Step[] {
  if (step.outcome.kind === 'notEvaluated') return []
  if (step.kind === 'call' || step.outcome.kind === 'error') return step.steps
  return step.steps.flatMap((one) => (one.isReference ? [] : one.kind === 'select' ? shownSteps(one) : [one]))
}

function stepText({ code, outcome }: Step, room: number): string {
  if (outcome.kind === 'notEvaluated') return `${short(code, room - 17)}  (not evaluated)`
  if (outcome.kind === 'error') {
    const reason = outcome.own ? outcome.error.reason : 'fails inside'
    return `${short(code, room / 2)}  ✗ ${reason}`
  }
  const shown = short(code, Math.max(20, Math.floor(room / 2)))
  return `${shown} = ${short(toJsonText(outcome.value), Math.max(20, room - shown.length - 12))}  ${typeName(outcome.value)}`
}

function short(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, Math.max(1, Math.floor(length) - 1))}…` : text
}

/** The same for programs. */
export function explanationJson(explanation: Explanation) {
  const { expression, outcome, steps } = explanation
  return { expression, ...outcomeJson(outcome), steps: steps.map(stepJson) }
}

interface StepJson {
  readonly code: string
  readonly position: number
  readonly steps: readonly StepJson[]
}

function stepJson(step: Step): StepJson {
  const { code, position, outcome, steps } = step
  return { code, position, ...outcomeJson(outcome), steps: steps.map(stepJson) }
}

function outcomeJson(outcome: Outcome) {
  if (outcome.kind === 'notEvaluated') return { evaluated: false }
  if (outcome.kind === 'value') return { value: jsonValue(outcome.value), type: typeName(outcome.value) }
  const { reason, message, position } = outcome.error
  return outcome.own ? { error: { reason, message, position } } : { error: { position } }
}

/** Integers beyond 2^53 stay text of all their digits, as everywhere in the output of commands. */
function jsonValue(value: Value) {
  return typeof value === 'bigint' ? value : toJson(value)
}
