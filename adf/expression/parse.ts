import type { Node, Template } from './ast.ts'
import { ExpressionError } from './expression-error.ts'
import { findFunction } from './function/function-table.ts'
import { float, integer, type Value } from './value.ts'

/** Whether evaluating the text may give anything but the text itself. */
export function isExpression(text: string): boolean {
  return text.startsWith('@') ? text.length > 1 : text.includes('@{')
}

const cache = new Map<string, Template>()
const cacheSize = 5_000

/**
 * Reads a string of a definition: `@expr` (typed), `…@{expr}…` (text), `@@…` and all else (plain text). Function names
 * and their numbers of arguments are not judged here; `validateExpression` does. Throws `ExpressionError` on bad syntax.
 */
export function parseTemplate(text: string): Template {
  let template = cache.get(text)
  if (template === undefined) {
    template = readTemplate(text)
    // Oldest out: a run's definitions are few, only generated texts are many.
    if (cache.size >= cacheSize) cache.delete(cache.keys().next().value ?? '')
    cache.set(text, template)
  }
  return template
}

function readTemplate(text: string): Template {
  if (!isExpression(text)) return { kind: 'text', text }
  if (text.startsWith('@@')) return { kind: 'text', text: text.slice(1) }
  if (text.startsWith('@') && !text.startsWith('@{')) {
    const parser = new Parser(text, 1)
    const root = parser.expression(0)
    parser.end()
    return { kind: 'expression', root }
  }
  return readInterpolation(text)
}

function readInterpolation(text: string): Template {
  const parts: (string | Node)[] = []
  let plain = ''
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('@{', at)
    if (open === -1) break
    if (open > at && text[open - 1] === '@') {
      plain += `${text.slice(at, open - 1)}@{`
      at = open + 2
      continue
    }
    plain += text.slice(at, open)
    const parser = new Parser(text, open + 2)
    const root = parser.expression(0)
    at = parser.closeBrace(open)
    if (plain !== '') parts.push(plain)
    plain = ''
    parts.push(root)
  }
  plain += text.slice(at)
  if (plain !== '') parts.push(plain)
  return parts.some((part) => typeof part !== 'string')
    ? { kind: 'interpolation', parts }
    : { kind: 'text', text: plain }
}

const space = /[\s\uFEFF]*/y
const identifier = /[\p{L}_$][\p{L}\p{N}_$]*/uy
const number = /[+-]?\d+(\.\d*)?([eE][+-]?\d+)?/y
const literals = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
])
const deepest = 500

class Parser {
  readonly #text: string
  #at: number

  constructor(text: string, start: number) {
    this.#text = text
    this.#at = start
    this.#skipSpace()
  }

  expression(depth: number): Node {
    if (depth > deepest)
      throw this.#error(`calls are nested deeper than ${deepest} levels; split the expression`)
    const position = this.#at
    const first = this.#text[position] ?? ''
    if (first === "'") return { kind: 'literal', value: this.#quoted(), position }
    if (/[0-9+-]/.test(first)) return { kind: 'literal', value: this.#number(), position }
    const name = this.#match(identifier)
    if (name === '')
      throw this.#unexpected('a function, a number, a text in single quotes, true, false or null')
    const literal = literals.get(name.toLowerCase())
    if (this.#text[this.#at] !== '(') {
      if (literal !== undefined) return { kind: 'literal', value: literal, position }
      throw this.#unexpected(`'(' after the name '${name}'; a text needs single quotes: '${name}'`)
    }
    const args = this.#args(depth)
    return this.#selections({ kind: 'call', name, row: findFunction(name), args, position }, depth)
  }

  /** Nothing but white space may follow. */
  end(): void {
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the expression')
  }

  /** Position after the `}` that ends the segment opened at `open`. */
  closeBrace(open: number): number {
    if (this.#at >= this.#text.length) {
      throw this.#error("this '@{' has no '}' that closes it; write '@@{' for a plain '@{'", open)
    }
    if (this.#text[this.#at] !== '}') throw this.#unexpected("'}'")
    return this.#at + 1
  }

  #args(depth: number): Node[] {
    this.#take('(')
    const args: Node[] = []
    if (this.#accept(')')) return args
    do {
      args.push(this.expression(depth + 1))
    } while (this.#accept(','))
    if (!this.#accept(')')) throw this.#unexpected("',' or ')'")
    return args
  }

  #selections(call: Node, depth: number): Node {
    let target = call
    let count = 0
    for (;;) {
      const position = this.#at
      const safe = this.#accept('?')
      if (this.#accept('.')) {
        const at = this.#at
        const name = this.#match(identifier)
        if (name === '') throw this.#unexpected("a property's name (one with other characters goes in ['…'])")
        const index: Node = { kind: 'literal', value: name, position: at }
        target = { kind: 'select', target, index, safe, position: at }
      } else if (this.#accept('[')) {
        const index = this.expression(depth + 1)
        if (!this.#accept(']')) throw this.#unexpected("']'")
        target = { kind: 'select', target, index, safe, position: index.position }
      } else if (safe) {
        throw this.#unexpected("'.' or '[' after '?'")
      } else {
        return target
      }
      if (++count > deepest) throw this.#error(`more than ${deepest} selections in a row`, position)
    }
  }

  #quoted(): string {
    const start = this.#at
    let text = ''
    let from = start + 1
    for (;;) {
      const close = this.#text.indexOf("'", from)
      if (close === -1) {
        throw this.#error("this text has no closing quote; a quote inside a text is doubled: 'it''s'", start)
      }
      text += this.#text.slice(from, close)
      if (this.#text[close + 1] !== "'") {
        this.#at = close + 1
        this.#skipSpace()
        return text
      }
      text += "'"
      from = close + 2
    }
  }

  #number(): Value {
    const start = this.#at
    const text = this.#match(number)
    if (text === '') throw this.#unexpected('a digit')
    if (/[\p{L}\p{N}_]/u.test(this.#text[this.#at] ?? '') && /\S$/.test(this.#text.slice(start, this.#at))) {
      throw this.#unexpected(`something other than a letter after the number ${text}`)
    }
    if (/[.eE]/.test(text)) {
      const value = Number(text)
      if (!Number.isFinite(value)) throw this.#error(`${text} is too large for a number`, start)
      return float(value)
    }
    const value = BigInt(text.replace('+', ''))
    if (BigInt.asIntN(64, value) !== value) {
      throw this.#error(`${text} is outside the integers of 64 bits`, start)
    }
    return integer(value)
  }

  #accept(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    this.#skipSpace()
    return true
  }

  #take(character: string): void {
    if (!this.#accept(character)) throw this.#unexpected(`'${character}'`)
  }

  /** Reads what the sticky pattern matches here, and the white space after it; empty where it does not match. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    if (found !== '') this.#skipSpace()
    return found
  }

  #skipSpace(): void {
    space.lastIndex = this.#at
    this.#at += space.exec(this.#text)?.[0].length ?? 0
  }

  #unexpected(wanted: string): ExpressionError {
    const next = this.#text[this.#at]
    const found =
      next === undefined ? 'the expression ends' : `here stands ${next === "'" ? 'a quote' : `'${next}'`}`
    const hint = next === '"' ? '; texts take single quotes' : ''
    return this.#error(`expected ${wanted}; ${found}${hint}`)
  }

  #error(reason: string, position: number = this.#at): ExpressionError {
    return new ExpressionError({ expression: this.#text, position, functionName: null, reason })
  }
}
