import { lacking } from './stand-in.ts'
import { statementEnd } from './statement-end.ts'
import type { Token } from './tokens.ts'
import { isIdentifier, isSign, isWord, placeIn, solid, textOf, tokenize } from './tokens.ts'

/** A statement of a script. Expressions are token lists that SQLite evaluates once they are rewritten. */
export type Statement =
  | { readonly kind: 'sql'; readonly tokens: readonly Token[] }
  | {
      readonly kind: 'if'
      readonly condition: readonly Token[]
      readonly holds: readonly Statement[]
      readonly otherwise: readonly Statement[]
    }
  | {
      readonly kind: 'declare'
      readonly name: string
      readonly type: string
      readonly value: readonly Token[] | null
    }
  | { readonly kind: 'tableVariable'; readonly name: string; readonly tokens: readonly Token[] }
  | { readonly kind: 'assign'; readonly names: readonly string[]; readonly select: readonly Token[] }
  | { readonly kind: 'print'; readonly value: readonly Token[] }
  | { readonly kind: 'raise'; readonly value: readonly Token[] }
  | { readonly kind: 'execute'; readonly procedure: string; readonly given: readonly GivenArgument[] }
  | { readonly kind: 'return' }

export interface GivenArgument {
  /** Lower case without `@`; null: by position. */
  readonly name: string | null
  readonly value: readonly Token[]
}

/** Takes a T-SQL script apart. Throws a DefinitionError with the place of what has no meaning here. */
export function parseScript(text: string): Statement[] {
  return new Parser(text, solid(tokenize(text))).all()
}

/** The same of tokens, for the body of a procedure. */
export function parseStatements(text: string, tokens: readonly Token[]): Statement[] {
  return new Parser(text, solid(tokens)).all()
}

const ignoredSettings = [
  'NOCOUNT',
  'XACT_ABORT',
  'ANSI_NULLS',
  'ANSI_WARNINGS',
  'ANSI_PADDING',
  'ARITHABORT',
  'QUOTED_IDENTIFIER',
  'IDENTITY_INSERT',
  'TRANSACTION',
  'DATEFORMAT',
  'LOCK_TIMEOUT',
  'CONCAT_NULL_YIELDS_NULL',
  'NUMERIC_ROUNDABORT',
]
const refused: Readonly<Record<string, string>> = {
  WHILE: 'WHILE is not there: loop in the pipeline (ForEach, Until)',
  GOTO: 'GOTO is not there',
  ROLLBACK: 'ROLLBACK is not there: a script is one transaction, THROW undoes it',
  USE: 'USE is not there: the linked service names the database',
  GRANT: 'GRANT is not there: a file knows no users',
  WAITFOR: 'WAITFOR is not there: use a Wait activity',
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text
    this.#tokens = tokens
  }

  all(): Statement[] {
    const statements: Statement[] = []
    while (this.#skipEmpty()) statements.push(...this.#statement())
    return statements
  }

  #skipEmpty(): boolean {
    while (isSign(this.#peek(), ';') || isWord(this.#peek(), 'GO')) this.#at += 1
    return this.#peek() !== undefined
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead]
  }

  #statement(): Statement[] {
    const first = this.#peek()
    if (first?.kind !== 'word') return this.#sql()
    const hint = refused[first.value]
    if (hint !== undefined) throw lacking(`${hint} (${placeIn(this.#text, first.at)})`)
    switch (first.value) {
      case 'BEGIN':
        return this.#begin()
      case 'COMMIT':
        this.#rest()
        return []
      case 'IF':
        return [this.#if()]
      case 'DECLARE':
        return this.#declare()
      case 'SET':
        return this.#set()
      case 'PRINT':
        return [{ kind: 'print', value: this.#rest().slice(1) }]
      case 'THROW':
        return [{ kind: 'raise', value: this.#rest().slice(3, -2) }]
      case 'RAISERROR':
        return [{ kind: 'raise', value: this.#rest().slice(2, -1) }]
      case 'EXEC':
      case 'EXECUTE':
        return [this.#execute()]
      case 'RETURN':
        this.#rest()
        return [{ kind: 'return' }]
      case 'CREATE':
      case 'ALTER':
        return this.#create()
      default:
        return this.#sql()
    }
  }

  #begin(): Statement[] {
    if (isWord(this.#peek(1), 'TRY'))
      throw lacking('TRY … CATCH is not there: handle the failure in the pipeline')
    if (isWord(this.#peek(1), 'TRAN', 'TRANSACTION')) {
      this.#rest()
      return []
    }
    const { at = 0 } = this.#peek() ?? {}
    this.#at += 1
    const statements: Statement[] = []
    while (this.#skipEmpty()) {
      if (isWord(this.#peek(), 'END')) {
        this.#at += 1
        return statements
      }
      statements.push(...this.#statement())
    }
    throw lacking(`BEGIN at ${placeIn(this.#text, at)} has no END`)
  }

  #if(): Statement {
    const start = ++this.#at
    let depth = 0
    for (; this.#peek() !== undefined; this.#at += 1) {
      const token = this.#peek()
      if (isSign(token, '(')) depth += 1
      else if (isSign(token, ')')) depth -= 1
      else if (
        depth === 0 &&
        isWord(
          token,
          'BEGIN',
          'SELECT',
          'INSERT',
          'UPDATE',
          'DELETE',
          'SET',
          'EXEC',
          'EXECUTE',
          'PRINT',
          'RETURN',
          'CREATE',
          'DROP',
          'TRUNCATE',
          'ALTER',
          'DECLARE',
          'THROW',
          'RAISERROR',
          'IF',
          'WITH',
        )
      )
        break
    }
    const condition = this.#tokens.slice(start, this.#at)
    const then = this.#peek() === undefined ? [] : this.#statement()
    const before = this.#at
    while (isSign(this.#peek(), ';')) this.#at += 1
    if (!isWord(this.#peek(), 'ELSE')) {
      this.#at = before
      return { kind: 'if', condition, holds: then, otherwise: [] }
    }
    this.#at += 1
    return { kind: 'if', condition, holds: then, otherwise: this.#statement() }
  }

  #declare(): Statement[] {
    const list = split(this.#rest().slice(1))
    return list.map((tokens): Statement => {
      const [name, ...rest] = isWord(tokens[1], 'AS') ? tokens.toSpliced(1, 1) : tokens
      if (name?.kind !== 'parameter')
        throw lacking(`DECLARE of ${name?.text ?? 'nothing'} is not there: only variables`)
      if (isWord(rest[0], 'TABLE')) return { kind: 'tableVariable', name: name.value, tokens: rest.slice(1) }
      const equals = rest.findIndex((token) => isSign(token, '='))
      const type = textOf(equals < 0 ? rest : rest.slice(0, equals))
      return { kind: 'declare', name: name.value, type, value: equals < 0 ? null : rest.slice(equals + 1) }
    })
  }

  #set(): Statement[] {
    const tokens = this.#rest()
    const [, name, equals] = tokens
    if (name?.kind === 'parameter' && isSign(equals, '='))
      return [{ kind: 'assign', names: [name.value], select: [selectWord(tokens[0]), ...tokens.slice(3)] }]
    if (isWord(name, ...ignoredSettings)) return []
    throw lacking(`${textOf(tokens.slice(0, 2))} at ${placeIn(this.#text, tokens[0]?.at ?? 0)} is not there`)
  }

  #execute(): Statement {
    const tokens = this.#rest().slice(1)
    if (isSign(tokens[0], '(')) throw lacking('EXEC of text is not there: write the statement itself')
    let end = 0
    while (isIdentifier(tokens[end]) && isSign(tokens[end + 1], '.')) end += 2
    const procedure = tokens
      .slice(0, end + 1)
      .map((token) => (token.kind === 'name' ? token.value : token.text))
      .join('')
    if (/(^|\.)(sp|xp)_/i.test(procedure)) throw lacking(`the system procedure ${procedure} is not there`)
    const given = split(tokens.slice(end + 1)).map((one): GivenArgument => {
      if (isWord(one.at(-1), 'OUTPUT', 'OUT'))
        throw lacking('OUTPUT parameters of procedures are not there: read the value by a SELECT')
      const [first] = one
      return first?.kind === 'parameter' && isSign(one[1], '=')
        ? { name: first.value, value: one.slice(2) }
        : { name: null, value: one }
    })
    return { kind: 'execute', procedure, given }
  }

  #create(): Statement[] {
    const tokens = this.#tokens.slice(this.#at)
    const what = isWord(tokens[1], 'OR') ? tokens[3] : tokens[1]
    if (isWord(what, 'SCHEMA')) {
      this.#rest()
      return []
    }
    if (isWord(what, 'PROC', 'PROCEDURE', 'FUNCTION', 'TRIGGER', 'TYPE', 'LOGIN', 'USER', 'ROLE'))
      throw lacking(
        `CREATE ${what?.value} is not there; a procedure is a file of the factory: procedure/<schema>.<name>.sql`,
      )
    return this.#sql()
  }

  #sql(): Statement[] {
    const tokens = this.#rest()
    return [assignment(tokens) ?? { kind: 'sql', tokens }]
  }

  /** All of the statement that starts here. */
  #rest(): readonly Token[] {
    const start = this.#at
    this.#at = statementEnd(this.#tokens, start)
    return this.#tokens.slice(start, this.#at)
  }
}

/** `SELECT @a = x, @b = y FROM …` */
function assignment(tokens: readonly Token[]): Statement | null {
  if (!isWord(tokens[0], 'SELECT')) return null
  let start = 1
  if (isWord(tokens[1], 'TOP')) start = isSign(tokens[2], '(') ? 5 : 3
  if (tokens[start]?.kind !== 'parameter' || !isSign(tokens[start + 1], '=')) return null
  let depth = 0
  let end = start
  for (; end < tokens.length; end++) {
    if (isSign(tokens[end], '(')) depth += 1
    else if (isSign(tokens[end], ')')) depth -= 1
    else if (depth === 0 && isWord(tokens[end], 'FROM', 'WHERE')) break
  }
  const items = split(tokens.slice(start, end))
  const names = items.map(([name, equals]) => {
    if (name?.kind !== 'parameter' || !isSign(equals, '='))
      throw lacking('a SELECT that sets variables and gives rows too is not there')
    return name.value
  })
  const values = items.flatMap((item, index) => [
    ...(index === 0 ? [] : [{ kind: 'sign', text: ',', value: ',', at: 0 } as const]),
    ...item.slice(2),
  ])
  return { kind: 'assign', names, select: [...tokens.slice(0, start), ...values, ...tokens.slice(end)] }
}

function selectWord(token: Token | undefined): Token {
  return { kind: 'word', text: 'SELECT', value: 'SELECT', at: token?.at ?? 0 }
}

/** Parts between commas that stand in no parenthesis. */
export function split(tokens: readonly Token[]): Token[][] {
  if (tokens.length === 0) return []
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (isSign(token, '(')) depth += 1
    else if (isSign(token, ')')) depth -= 1
    if (depth === 0 && isSign(token, ',')) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}
