import { DefinitionError } from '../errors.ts'

export interface ExpressionErrorDetail {
  /** The whole text of the template, with its `@`. */
  readonly expression: string
  /** Index into `expression` where it went wrong. */
  readonly position: number
  /** The function at fault, in its table's spelling; null for syntax and selections. */
  readonly functionName: string | null
  /** What is wrong, without the picture of the place. */
  readonly reason: string
}

/**
 * An expression cannot be read or evaluated. The message holds the reason, the expression's line and a caret below the
 * place. Its `name` is DefinitionError, so it is never retried: the same expression over the same data fails again.
 */
export class ExpressionError extends DefinitionError implements ExpressionErrorDetail {
  readonly expression: string
  readonly position: number
  readonly functionName: string | null
  readonly reason: string
  /** Where inside the evaluated JSON value the expression stands, e.g. `source.query`; empty when it is the value itself. */
  readonly path: string

  constructor(detail: ExpressionErrorDetail, path = '') {
    super(messageOf(detail, path))
    this.expression = detail.expression
    this.position = detail.position
    this.functionName = detail.functionName
    this.reason = detail.reason
    this.path = path
  }

  /** The same error, said to stand at `path`. */
  at(path: string): ExpressionError {
    return new ExpressionError(this, path)
  }
}

/** Thrown by functions and lookups, which know neither expression nor position; the evaluator adds both. */
export class Problem extends Error {
  override readonly name = 'Problem'
}

const widest = 100

function messageOf(detail: ExpressionErrorDetail, path: string): string {
  const { expression, position, reason } = detail
  const lineStart = expression.lastIndexOf('\n', position - 1) + 1
  const lineEnd = expression.indexOf('\n', position)
  const line = expression.slice(lineStart, lineEnd === -1 ? undefined : lineEnd)
  const column = position - lineStart
  // A long line is cut to a window around the place.
  const from = column > widest - 20 ? column - (widest - 20) : 0
  const shown = `${from > 0 ? '…' : ''}${line.slice(from, from + widest)}${line.length > from + widest ? '…' : ''}`
  const caret = ' '.repeat(column - from + (from > 0 ? 1 : 0))
  const where = path === '' ? '' : ` (in ${path})`
  return `${reason}${where}\n  ${shown.replaceAll('\t', ' ')}\n  ${caret}^`
}
