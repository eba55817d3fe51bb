import { DefinitionError } from '../../errors.ts'
import type { Statement } from './script.ts'
import { parseStatements, split } from './script.ts'
import type { Token } from './tokens.ts'
import { isIdentifier, isSign, isWord, solid, textOf, tokenize } from './tokens.ts'

export interface ProcedureParameter {
  /** Lower case without `@`. */
  readonly name: string
  readonly type: string
  /** A table of rows, `READONLY`. */
  readonly isTable: boolean
  readonly isOutput: boolean
  /** Null: must be given. */
  readonly defaultValue: readonly Token[] | null
}

export interface Procedure {
  readonly name: string
  readonly parameters: readonly ProcedureParameter[]
  readonly body: readonly Statement[]
}

/** Reads `CREATE [OR ALTER] PROCEDURE name [(]@a type [= default], …[)] [WITH …] AS body`. Throws a DefinitionError where it is none. */
export function parseProcedure(name: string, text: string): Procedure {
  const tokens = solid(tokenize(text))
  // SSMS writes USE, SET and GO before it.
  const start = tokens.findIndex(
    (token, index) =>
      isWord(token, 'CREATE', 'ALTER') &&
      tokens.slice(index + 1, index + 4).some((one) => isWord(one, 'PROC', 'PROCEDURE')),
  )
  const as = start < 0 ? -1 : bodyStart(tokens, start)
  if (as < 0)
    throw new DefinitionError(
      `procedure/${name}.sql holds no CREATE PROCEDURE … AS …; put the procedure's own text there`,
    )
  let at = start + 1
  while (!isWord(tokens[at], 'PROC', 'PROCEDURE')) at += 1
  at += 1
  while (isIdentifier(tokens[at]) && isSign(tokens[at + 1], '.')) at += 2
  let head = tokens.slice(at + 1, as)
  const withAt = head.findIndex((token) => isWord(token, 'WITH'))
  if (withAt >= 0) head = head.slice(0, withAt)
  if (isSign(head[0], '(')) head = head.slice(1, -1)
  return {
    name,
    parameters: split(head).map((one) => parameter(name, one)),
    body: parseStatements(text, withoutEnd(tokens.slice(as + 1))),
  }
}

/** The AS that stands before the body: one of a parameter's type follows its name. */
function bodyStart(tokens: readonly Token[], start: number): number {
  return tokens.findIndex(
    (token, index) => index > start && isWord(token, 'AS') && tokens[index - 1]?.kind !== 'parameter',
  )
}

/** What SSMS writes behind the procedure. */
function withoutEnd(tokens: readonly Token[]): readonly Token[] {
  const go = tokens.findIndex((token) => isWord(token, 'GO'))
  return go < 0 ? tokens : tokens.slice(0, go)
}

function parameter(procedure: string, given: readonly Token[]): ProcedureParameter {
  const tokens = isWord(given[1], 'AS') ? given.toSpliced(1, 1) : given
  const [name, ...rest] = tokens
  if (name?.kind !== 'parameter')
    throw new DefinitionError(
      `procedure/${procedure}.sql has ${JSON.stringify(textOf(given))} where a parameter @name type should be`,
    )
  const isTable = rest.some((token) => isWord(token, 'READONLY'))
  const isOutput = rest.some((token) => isWord(token, 'OUTPUT', 'OUT'))
  const plain = rest.filter(
    (token) => !isWord(token, 'READONLY', 'OUTPUT', 'OUT', 'NULL') || isWord(token, 'NULL'),
  )
  const equals = plain.findIndex((token) => isSign(token, '='))
  return {
    name: name.value,
    type: textOf(equals < 0 ? plain : plain.slice(0, equals)),
    isTable,
    isOutput,
    defaultValue: equals < 0 ? null : plain.slice(equals + 1),
  }
}
