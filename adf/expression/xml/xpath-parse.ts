import { Problem } from '../expression-error.ts'

/** XPath 1.0, parsed. */
export type XPath =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: XPath; readonly right: XPath }
  | { readonly kind: 'negate'; readonly operand: XPath }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly XPath[] }
  | { readonly kind: 'filter'; readonly target: XPath; readonly predicates: readonly XPath[] }
  /** Null start: from the context node; 'root': from the document. */
  | { readonly kind: 'path'; readonly start: XPath | 'root' | null; readonly steps: readonly Step[] }

export interface Step {
  readonly axis: string
  /** `*`, a name, or `node()`, `text()`, `comment()`, `processing-instruction()`. */
  readonly test: string
  readonly predicates: readonly XPath[]
}

export const axes = [
  'ancestor',
  'ancestor-or-self',
  'attribute',
  'child',
  'descendant',
  'descendant-or-self',
  'following',
  'following-sibling',
  'parent',
  'preceding',
  'preceding-sibling',
  'self',
]

const token =
  /\s*(\d+(?:\.\d*)?|\.\d+|"[^"]*"|'[^']*'|\/\/|::|\.\.|!=|<=|>=|[()[\].@,/|+\-=<>*]|[\p{L}_][\p{L}\p{N}_.-]*(?::[\p{L}_][\p{L}\p{N}_.-]*)?)\s*/uy
const nodeTests = ['node', 'text', 'comment', 'processing-instruction']
const everywhere: Step = { axis: 'descendant-or-self', test: 'node()', predicates: [] }
const levels = [['or'], ['and'], ['=', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', 'div', 'mod']]
const deepest = 200

export function parseXPath(text: string): XPath {
  const parser = new Parser(text)
  const result = parser.expression()
  parser.end()
  return result
}

class Parser {
  readonly #text: string
  readonly #tokens: string[] = []
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    let at = 0
    while (at < text.length) {
      token.lastIndex = at
      const match = token.exec(text)
      if (match === null || match[1] === undefined)
        throw this.#problem(`'${text.slice(at, at + 10)}' is not understood`)
      // `a::b` and `a:b` look alike to the tokenizer's name; the axis comes apart here.
      this.#tokens.push(match[1])
      at = token.lastIndex
    }
  }

  expression(): XPath {
    if (++this.#depth > deepest) throw this.#problem(`it is nested deeper than ${deepest} levels`)
    const result = this.#level(0)
    this.#depth--
    return result
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#problem(`'${this.#peek()}' is not expected`)
  }

  #level(level: number): XPath {
    const operators = levels[level]
    if (operators === undefined) return this.#unary()
    let left = this.#level(level + 1)
    while (operators.includes(this.#peek())) {
      const operator = this.#next()
      left = { kind: 'binary', operator, left, right: this.#level(level + 1) }
    }
    return left
  }

  #unary(): XPath {
    if (this.#accept('-')) return { kind: 'negate', operand: this.#unary() }
    let left = this.#path()
    while (this.#accept('|')) left = { kind: 'binary', operator: '|', left, right: this.#path() }
    return left
  }

  #path(): XPath {
    const first = this.#peek()
    const isCall = this.#peek(1) === '(' && !nodeTests.includes(first) && /^[\p{L}_]/u.test(first)
    if (isCall || first === '(' || /^["'\d]|^\.\d/.test(first)) {
      const target = this.#filter()
      return this.#peek() === '/' || this.#peek() === '//'
        ? { kind: 'path', start: target, steps: this.#steps(false) }
        : target
    }
    if (first === '/' || first === '//') {
      const startsStep = /^[\p{L}_@.*]/u.test(this.#peek(1))
      if (first === '/' && !startsStep) {
        this.#next()
        return { kind: 'path', start: 'root', steps: [] }
      }
      return { kind: 'path', start: 'root', steps: this.#steps(false) }
    }
    return { kind: 'path', start: null, steps: this.#steps(true) }
  }

  #filter(): XPath {
    const first = this.#next()
    let target: XPath
    if (first === '(') {
      target = this.expression()
      this.#take(')')
    } else if (/^["']/.test(first)) target = { kind: 'string', value: first.slice(1, -1) }
    else if (/^[\d.]/.test(first)) target = { kind: 'number', value: Number(first) }
    else {
      this.#take('(')
      const args: XPath[] = []
      if (!this.#accept(')')) {
        do args.push(this.expression())
        while (this.#accept(','))
        this.#take(')')
      }
      target = { kind: 'call', name: first, args }
    }
    const predicates = this.#predicates()
    return predicates.length === 0 ? target : { kind: 'filter', target, predicates }
  }

  #steps(isFirst: boolean): Step[] {
    const steps: Step[] = isFirst ? [this.#step()] : []
    for (;;) {
      if (this.#accept('//')) steps.push(everywhere)
      else if (!this.#accept('/')) return steps
      steps.push(this.#step())
    }
  }

  #step(): Step {
    if (this.#accept('.')) return { axis: 'self', test: 'node()', predicates: [] }
    if (this.#accept('..')) return { axis: 'parent', test: 'node()', predicates: [] }
    let axis = 'child'
    if (this.#accept('@')) axis = 'attribute'
    else if (this.#peek(1) === '::') {
      axis = this.#next()
      this.#next()
      if (!axes.includes(axis)) throw this.#problem(`the axis '${axis}' is not known`)
    }
    let test = this.#next()
    if (!/^[\p{L}_*]/u.test(test)) throw this.#problem(`expected a name; here stands '${test}'`)
    if (nodeTests.includes(test) && this.#accept('(')) {
      if (/^["']/.test(this.#peek())) this.#next()
      this.#take(')')
      test += '()'
    } else if (test.includes(':')) {
      throw this.#problem(`the prefix of '${test}' cannot be declared; use *[local-name()='…']`)
    }
    return { axis, test, predicates: this.#predicates() }
  }

  #predicates(): XPath[] {
    const predicates: XPath[] = []
    while (this.#accept('[')) {
      predicates.push(this.expression())
      this.#take(']')
    }
    return predicates
  }

  #peek(ahead = 0): string {
    return this.#tokens[this.#at + ahead] ?? ''
  }

  #next(): string {
    const next = this.#tokens[this.#at++]
    if (next === undefined) throw this.#problem('it ends too early')
    return next
  }

  #accept(wanted: string): boolean {
    if (this.#peek() !== wanted) return false
    this.#at++
    return true
  }

  #take(wanted: string): void {
    if (!this.#accept(wanted))
      throw this.#problem(`expected '${wanted}'; here stands '${this.#peek() || 'the end'}'`)
  }

  #problem(reason: string): Problem {
    return new Problem(`the XPath ${this.#text} cannot be read: ${reason}`)
  }
}
