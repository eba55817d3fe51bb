import { DefinitionError } from '../../errors.ts'

/**
 * A piece of SQL text. `space` is white space and comments; `word` a bare name or keyword; `name` a quoted one, with `value` unquoted; `text` a string
 * literal, with `value` unquoted; `parameter` is `@name`; `global` is `@@name`.
 */
export interface Token {
  readonly kind: 'space' | 'word' | 'name' | 'text' | 'number' | 'parameter' | 'global' | 'sign'
  readonly text: string
  /** Quotes taken off; upper case of a word; lower case of a parameter's name without its `@`. */
  readonly value: string
  /** Where it starts in the text, from 0. */
  readonly at: number
}

const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['space', /\s+|--[^\n]*|\/\*[^]*?\*\//y],
  ['text', /[Nn]?'(?:[^']|'')*'/y],
  ['number', /0[xX][0-9a-fA-F]*|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?/y],
  ['global', /@@\w+/y],
  ['parameter', /@[\p{L}\p{N}_#$@]+/uy],
  ['name', /\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*"|`(?:[^`]|``)*`/y],
  ['word', /[\p{L}_#][\p{L}\p{N}_#$@]*/uy],
  ['sign', /<>|<=|>=|!=|\+=|-=|\*=|\|\||==|<<|>>|->>|->|[^\s\w]/y],
]

/** Takes SQL apart, losing nothing: the texts of all tokens together are the text again. Throws a DefinitionError where a quote or comment never ends. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < sql.length;) {
    const token = tokenAt(sql, at)
    if (token.kind === 'sign' && (token.text === "'" || token.text === '"' || token.text === '['))
      throw new DefinitionError(`the quote ${token.text} at ${placeIn(sql, at)} is never closed`)
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function tokenAt(sql: string, at: number): Token {
  if (sql.startsWith('/*', at) && sql.indexOf('*/', at + 2) < 0)
    throw new DefinitionError(`the comment at ${placeIn(sql, at)} is never closed`)
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const text = pattern.exec(sql)?.[0]
    if (text !== undefined) return { kind, text, value: valueOf(kind, text), at }
  }
  const [text = ''] = sql.slice(at)
  return { kind: 'sign', text, value: text, at }
}

function valueOf(kind: Token['kind'], text: string): string {
  if (kind === 'word') return text.toUpperCase()
  if (kind === 'parameter') return text.slice(1).toLowerCase()
  if (kind === 'global') return text.toUpperCase()
  if (kind === 'text') return text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'")
  if (kind !== 'name') return text
  const close = text.at(-1) ?? ''
  return text.slice(1, -1).replaceAll(close + close, close)
}

/** `line 3, column 12` */
export function placeIn(sql: string, at: number): string {
  const before = sql.slice(0, at).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** A token that the rewriting puts in. */
export function made(kind: Token['kind'], text: string, at = 0): Token {
  return { kind, text, value: valueOf(kind, text), at }
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value)
}

export function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign
}

export function isIdentifier(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'name'
}

/** A name as SQL text, quoted as every dialect here reads it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Without white space and comments. */
export function solid(tokens: readonly Token[]): Token[] {
  return tokens.filter((token) => token.kind !== 'space')
}

export function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join('')
}

/** Position behind the closing parenthesis of the one at `open`. */
export function behindParenthesis(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let index = open; index < tokens.length; index++) {
    if (isSign(tokens[index], '(')) depth += 1
    else if (isSign(tokens[index], ')') && --depth === 0) return index + 1
  }
  return tokens.length
}
