import type { CallNode, Node, SelectNode } from './ast.ts'
import { Evaluator, templateValue, tooLarge } from './evaluator.ts'
import { ExpressionError, Problem } from './expression-error.ts'
import { referenceFunctions } from './function/reference.ts'
import { parseTemplate } from './parse.ts'
import type { Environment, Scope } from './scope.ts'
import { toJsonText, type Value } from './value.ts'
import { templateNodes } from './walk.ts'

/** One evaluation with all that was found on the way. */
export interface Explanation {
  /** The whole text, with its `@`. */
  readonly expression: string
  readonly outcome: Outcome
  /** The expressions of the text: one, or those of its `@{…}`. Empty for plain text, and where it cannot be read. */
  readonly steps: readonly Step[]
}

export type Outcome =
  | { readonly kind: 'value'; readonly value: Value }
  /** `own`: it went wrong here, not in what stands inside. */
  | { readonly kind: 'error'; readonly error: ExpressionError; readonly own: boolean }
  /** A branch that was not taken, or what comes after an error. */
  | { readonly kind: 'notEvaluated' }

/** A call, or a selection from one (`activity('a').output.rows[0]`), with what stands inside it. Literals are no steps. */
export interface Step {
  readonly kind: 'call' | 'select'
  /** The code, written out from the parse tree. */
  readonly code: string
  /** Index into the expression. */
  readonly position: number
  readonly outcome: Outcome
  /** Only takes a value from the scope: `pipeline().parameters.a`. */
  readonly isReference: boolean
  readonly steps: readonly Step[]
}

/** Evaluates one string of a definition and keeps every intermediate value. Never throws an ExpressionError: it is the outcome. */
export function explain(expression: string, scope: Scope, environment: Environment): Explanation {
  const evaluator = new RecordingEvaluator(expression, { scope, environment })
  try {
    const template = parseTemplate(expression)
    const outcome = outcomeOf(expression, () => templateValue(template, evaluator), false)
    return { expression, outcome, steps: stepsOf(templateNodes(template), evaluator) }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return { expression, outcome: { kind: 'error', error, own: true }, steps: [] }
  }
}

function outcomeOf(expression: string, evaluate: () => Value, own: boolean): Outcome {
  try {
    return { kind: 'value', value: evaluate() }
  } catch (error) {
    if (error instanceof ExpressionError) return { kind: 'error', error, own }
    if (error instanceof RangeError) return { kind: 'error', error: tooLarge(expression, ''), own: true }
    throw error
  }
}

class RecordingEvaluator extends Evaluator {
  /** By node: one evaluation visits a node at most once. */
  readonly outcomes = new Map<Node, Outcome>()
  /** An error passes every node around the place where it arose; the first is that place. */
  readonly #seen = new Set<ExpressionError>()
  readonly #expression: string

  constructor(expression: string, context: ConstructorParameters<typeof Evaluator>[1]) {
    super(expression, context)
    this.#expression = expression
  }

  protected override call(node: CallNode): Value {
    return this.#record(node, () => super.call(node))
  }

  protected override select(node: SelectNode): Value | undefined {
    return this.#record(node, () => super.select(node))
  }

  /** A scope of a run that is over has properties that are not known: their getters throw a Problem. */
  #placed(node: Node, error: unknown): unknown {
    if (!(error instanceof Problem)) return error
    const { position } = node
    return new ExpressionError({
      expression: this.#expression,
      position,
      functionName: null,
      reason: error.message,
    })
  }

  #record<T extends Value | undefined>(node: Node, evaluate: () => T): T {
    try {
      const value = evaluate()
      this.outcomes.set(node, { kind: 'value', value: value ?? null })
      return value
    } catch (thrown) {
      const error = this.#placed(node, thrown)
      if (error instanceof ExpressionError) {
        this.outcomes.set(node, { kind: 'error', error, own: !this.#seen.has(error) })
        this.#seen.add(error)
      }
      throw error
    }
  }
}

function stepsOf(nodes: readonly Node[], evaluator: RecordingEvaluator): Step[] {
  return nodes.flatMap((node) => (node.kind === 'literal' ? [] : [stepOf(node, evaluator)]))
}

function stepOf(node: CallNode | SelectNode, evaluator: RecordingEvaluator): Step {
  return {
    kind: node.kind,
    code: codeOf(node),
    position: node.position,
    outcome: evaluator.outcomes.get(node) ?? { kind: 'notEvaluated' },
    isReference: isReference(node),
    steps: stepsOf(inside(node), evaluator),
  }
}

function inside(node: Node): readonly Node[] {
  if (node.kind === 'call') return node.args
  return node.kind === 'select' ? [node.target, node.index] : []
}

const references = new Set(referenceFunctions.map((row) => row.name))

function isReference(node: Node): boolean {
  if (node.kind === 'literal') return false
  if (node.kind === 'select') return isReference(node.target) && node.index.kind === 'literal'
  return (
    node.row !== null && references.has(node.row.name) && node.args.every((arg) => arg.kind === 'literal')
  )
}

/** An expression as text, without its `@`. */
function codeOf(node: Node): string {
  if (node.kind === 'literal') return literalCode(node.value)
  if (node.kind === 'call') return `${node.row?.name ?? node.name}(${node.args.map(codeOf).join(', ')})`
  const { target, index, safe } = node
  const named = index.kind === 'literal' && typeof index.value === 'string' && plainName.test(index.value)
  return `${codeOf(target)}${safe ? '?' : ''}${named ? `.${literalText(index.value)}` : `[${codeOf(index)}]`}`
}

const plainName = /^[\p{L}_$][\p{L}\p{N}_$]*$/u

function literalCode(value: Value): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : toJsonText(value)
}

function literalText(value: Value): string {
  return typeof value === 'string' ? value : toJsonText(value)
}
