import type { Culture } from './culture.ts'
import { calendarOf, type Calendar, type Timestamp } from './timestamp.ts'

/**
 * .NET's date and time formats: one letter stands for a pattern (`d`, `o`, `R` …), all else is a pattern
 * (`yyyy-MM-dd HH:mm:ss.fff`). Patterns are compiled once.
 */
export type Formatter = (timestamp: Timestamp, culture: Culture) => string

const roundTrip = "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK"

/** Letters whose text does not depend on the culture. */
const invariantLetters: Record<string, string> = {
  o: roundTrip,
  O: roundTrip,
  r: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  R: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
  s: "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
  u: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
}

/** en-US. The space before AM and PM is a plain one, as on the Windows hosts of the service. */
const englishLetters: Record<string, string> = {
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  f: 'dddd, MMMM d, yyyy h:mm tt',
  F: 'dddd, MMMM d, yyyy h:mm:ss tt',
  g: 'M/d/yyyy h:mm tt',
  G: 'M/d/yyyy h:mm:ss tt',
  '': 'M/d/yyyy h:mm:ss tt',
  m: 'MMMM d',
  M: 'MMMM d',
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  U: 'dddd, MMMM d, yyyy h:mm:ss tt',
  y: 'MMMM yyyy',
  Y: 'MMMM yyyy',
}

const compiled = new Map<string, Formatter | null>()

/** Null where .NET does not take the format for that culture. */
export function findFormatter(format: string, isEnglish: boolean): Formatter | null {
  let pattern: string | undefined = format
  if (format.length <= 1) {
    pattern = invariantLetters[format] ?? (isEnglish ? englishLetters[format] : undefined)
    if (pattern === undefined) return null
  }
  let formatter = compiled.get(pattern)
  if (formatter === undefined) {
    formatter = compile(pattern)
    if (compiled.size >= 1_000) compiled.clear()
    compiled.set(pattern, formatter)
  }
  return formatter
}

type Piece = string | ((calendar: Calendar, timestamp: Timestamp, culture: Culture) => string)

function compile(pattern: string): Formatter | null {
  const pieces: Piece[] = []
  let at = 0
  while (at < pattern.length) {
    const letter = pattern.charAt(at)
    if (letter === "'" || letter === '"') {
      const close = quotedEnd(pattern, at)
      if (close === -1) return null
      pieces.push(pattern.slice(at + 1, close).replace(/\\(.)/g, '$1'))
      at = close + 1
    } else if (letter === '\\' || letter === '%') {
      const next = pattern.charAt(at + 1)
      if (next === '' || (letter === '%' && next === '%')) return null
      if (letter === '\\') pieces.push(next)
      else {
        const only = piece(next, 1)
        if (only === null) return null
        pieces.push(only)
      }
      at += 2
    } else {
      const count = repeated(pattern, at)
      // The point before F goes when the fraction is empty.
      if (letter === '.' && pattern.charAt(at + 1) === 'F' && count === 1) {
        const digits = repeated(pattern, at + 1)
        const trimmed = piece('F', digits)
        if (trimmed === null || typeof trimmed === 'string') return null
        pieces.push((calendar, timestamp, culture) => {
          const text = trimmed(calendar, timestamp, culture)
          return text === '' ? '' : `.${text}`
        })
        at += 1 + digits
        continue
      }
      const made = piece(letter, count)
      if (made === null) return null
      pieces.push(made)
      at += count
    }
  }
  return (timestamp, culture) => {
    const calendar = calendarOf(timestamp)
    let text = ''
    for (const one of pieces) text += typeof one === 'string' ? one : one(calendar, timestamp, culture)
    return text
  }
}

function quotedEnd(pattern: string, open: number): number {
  for (let at = open + 1; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++
    else if (pattern[at] === pattern[open]) return at
  }
  return -1
}

function repeated(pattern: string, at: number): number {
  let end = at + 1
  while (pattern[end] === pattern[at]) end++
  return end - at
}

function padded(value: number, width: number): string {
  const text = String(value)
  return text.length >= width ? text : '0'.repeat(width - text.length) + text
}

function piece(letter: string, count: number): Piece | null {
  const width = Math.min(count, 2)
  switch (letter) {
    case 'y':
      return count <= 2 ? (c) => padded(c.year % 100, count) : (c) => padded(c.year, count)
    case 'M':
      if (count <= 2) return (c) => padded(c.month, count)
      return count === 3
        ? (c, _, culture) => culture.shortMonths[c.month - 1] ?? ''
        : (c, _, culture) => culture.months[c.month - 1] ?? ''
    case 'd':
      if (count <= 2) return (c) => padded(c.day, count)
      return count === 3
        ? (c, _, culture) => culture.shortDays[c.weekday] ?? ''
        : (c, _, culture) => culture.days[c.weekday] ?? ''
    case 'H':
      return (c) => padded(c.hour, width)
    case 'h':
      return (c) => padded(c.hour % 12 === 0 ? 12 : c.hour % 12, width)
    case 'm':
      return (c) => padded(c.minute, width)
    case 's':
      return (c) => padded(c.second, width)
    case 'f':
    case 'F': {
      if (count > 7) return null
      const digits = (c: Calendar): string => padded(c.fraction, 7).slice(0, count)
      return letter === 'f' ? digits : (c) => digits(c).replace(/0+$/, '')
    }
    case 't':
      return (c) => (c.hour < 12 ? 'AM' : 'PM').slice(0, width)
    case 'K':
      return (_c, { kind }) => (kind === 'utc' ? 'Z' : kind === 'none' ? '' : '+00:00').repeat(count)
    case 'z':
      return ['+0', '+00'][count - 1] ?? '+00:00'
    case 'g':
      return 'AD'
    case '/':
      return (_c, _t, culture) => culture.dateSeparator.repeat(count)
    default:
      return letter.repeat(count)
  }
}
