import { Problem } from './expression-error.ts'
import { float, integer, setKey, type Value } from './value.ts'

const deepest = 500

/**
 * JSON as Newtonsoft reads it: comments, single quotes, unquoted keys and trailing commas are fine, a duplicate key is
 * replaced, `1.0` and `1e2` are floats, integers keep all digits. Stricter than it in one thing: text that is cut off
 * or goes on behind the value is an error here, since data would be lost without a word.
 */
export function parseJsonText(text: string): Value {
  // The platform's parser is much faster, and right where no float or large integer can occur.
  if (!/\d[.eE]|\d{16}/.test(text)) {
    try {
      const value: Value = JSON.parse(text)
      return value
    } catch {
      // Lenient forms are left, or the text is wrong and the reader below says where.
    }
  }
  const reader = new Reader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

const blank = /(?:[\s\0]+|\/\*[^]*?\*\/|\/\/[^\r\n]*)*/y
const numberText = /-?(?:0[xX][0-9a-fA-F]+|\.?\d[\d.]*(?:[eE][+-]?\d+)?)/y
const word = /[\p{L}\p{N}_$]+/uy
const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#skip()
  }

  value(depth: number): Value {
    if (depth > deepest) throw this.#problem(`it is nested deeper than ${deepest} levels`)
    const first = this.#text[this.#at]
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"' || first === "'") return this.#string(first)
    const start = this.#at
    const number = this.#match(numberText)
    if (number !== '') return this.#number(number, start)
    switch (this.#match(word)) {
      case 'true':
        return true
      case 'false':
        return false
      case 'null':
      case 'undefined':
        return null
      default:
        this.#at = start
        throw this.#unexpected('a value')
    }
  }

  end(): void {
    if (this.#at < this.#text.length) throw this.#unexpected('the end')
  }

  #object(depth: number): Value {
    this.#accept('{')
    const result: Record<string, Value> = {}
    while (!this.#accept('}')) {
      const key = this.#key()
      if (!this.#accept(':')) throw this.#unexpected("':'")
      setKey(result, key, this.value(depth + 1))
      if (!this.#accept(',') && this.#text[this.#at] !== '}') throw this.#unexpected("',' or '}'")
    }
    return result
  }

  #array(depth: number): Value {
    this.#accept('[')
    const result: Value[] = []
    while (!this.#accept(']')) {
      result.push(this.value(depth + 1))
      if (!this.#accept(',') && this.#text[this.#at] !== ']') throw this.#unexpected("',' or ']'")
    }
    return result
  }

  #key(): string {
    const first = this.#text[this.#at]
    if (first === '"' || first === "'") return this.#string(first)
    const name = this.#match(word)
    if (name === '') throw this.#unexpected("a key or '}'")
    return name
  }

  #string(quote: string): string {
    let result = ''
    let at = this.#at + 1
    for (;;) {
      const letter = this.#text[at]
      if (letter === undefined) throw this.#problem('a text has no closing quote')
      if (letter === quote) break
      if (letter !== '\\') {
        result += letter
        at++
        continue
      }
      const next = this.#text[at + 1] ?? ''
      if (next === 'u') {
        const code = this.#text.slice(at + 2, at + 6)
        this.#at = at
        if (!/^[0-9a-fA-F]{4}$/.test(code)) throw this.#problem('\\u needs four hexadecimal digits')
        result += String.fromCharCode(parseInt(code, 16))
        at += 6
      } else if (/["'\\/]/.test(next) || escapes[next] !== undefined) {
        result += escapes[next] ?? next
        at += 2
      } else {
        this.#at = at
        throw this.#problem(`the escape \\${next} is not known`)
      }
    }
    this.#at = at + 1
    this.#skip()
    return result
  }

  #number(text: string, start: number): Value {
    const digits = text.replace('-', '')
    let value: Value | null = null
    if (/^0[xX]/.test(digits)) value = integer(BigInt(digits) * (text.startsWith('-') ? -1n : 1n))
    // Newtonsoft takes a leading 0 for octal, but not below zero.
    else if (/^0[0-7]+$/.test(text)) value = parseInt(text, 8)
    else if (/^\d+$/.test(digits) && (text.startsWith('-') || !/^0\d/.test(digits)))
      value = integer(BigInt(text))
    else if (/^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(digits) && !/^0\d/.test(digits))
      value = float(Number(text))
    if (value === null || (typeof value === 'number' && !Number.isFinite(value))) {
      this.#at = start
      throw this.#problem(`${text} is not a number`)
    }
    return value
  }

  #accept(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    this.#skip()
    return true
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    if (found !== '') this.#skip()
    return found
  }

  #skip(): void {
    blank.lastIndex = this.#at
    this.#at += blank.exec(this.#text)?.[0].length ?? 0
  }

  #unexpected(wanted: string): Problem {
    const next = this.#text[this.#at]
    return this.#problem(
      `expected ${wanted}; ${next === undefined ? 'the text ends' : `here stands '${next}'`}`,
    )
  }

  #problem(reason: string): Problem {
    const before = this.#text.slice(0, this.#at).split('\n')
    const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
    const shown = this.#text.length > 120 ? `${this.#text.slice(0, 119)}…` : this.#text
    return new Problem(`the text is not JSON: ${place}: ${reason}; the text is ${shown}`)
  }
}
