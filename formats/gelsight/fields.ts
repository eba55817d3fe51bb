import { toUtc } from '../time/local-time.ts'
import { isMapping, type YamlMapping, type YamlValue } from '../yaml/read-yaml.ts'
import type { Findings } from './finding.ts'

const empty = new Set(['', '~', 'null', 'Null', 'NULL', 'None'])
const numberText = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const largestInt = 2 ** 31 - 1

/**
 * One mapping of a YAML file, read field by field. Every scalar is text; each question converts it, and a text that does not
 * fit becomes null and a finding, so that one odd field costs nothing but itself.
 */
export class Fields {
  readonly place: string
  private readonly mapping: YamlMapping
  private readonly findings: Findings
  private readonly zone: string

  /** `place`: file and path of the mapping; `zone`: IANA zone of timestamps without one. */
  constructor(mapping: YamlMapping, place: string, findings: Findings, zone: string) {
    this.mapping = mapping
    this.place = place
    this.findings = findings
    this.zone = zone
  }

  has(key: string): boolean {
    return Object.hasOwn(this.mapping, key)
  }

  raw(key: string): YamlValue | undefined {
    return this.has(key) ? this.mapping[key] : undefined
  }

  keys(): string[] {
    return Object.keys(this.mapping)
  }

  /** A mapping below this one; an empty one where there is none (`metadata: []` happens). */
  section(key: string): Fields {
    const value = this.raw(key)
    if (value !== undefined && !isMapping(value) && !isNothing(value)) this.unfit(key, 'a mapping')
    return new Fields(isMapping(value) ? value : {}, this.below(key), this.findings, this.zone)
  }

  /** Mappings of a list, at most `most`; what is none among them becomes a finding. */
  sections(key: string, most: number): Fields[] {
    const value = this.raw(key)
    if (value === undefined || isNothing(value)) return []
    if (!Array.isArray(value)) {
      this.unfit(key, 'a list')
      return []
    }
    if (value.length > most) {
      const message = `${value.length} items; the first ${most} are read, the others were left out`
      this.findings.error('analysis.limit', this.below(key), message)
    }
    return value.slice(0, most).flatMap((item, index) => {
      const place = `${this.below(key)}[${index}]`
      if (isMapping(item)) return [new Fields(item, place, this.findings, this.zone)]
      this.findings.error('field.type', place, `${show(item)} is no mapping`)
      return []
    })
  }

  /** Text as written; null where the field is missing or empty. */
  text(key: string): string | null {
    const value = this.raw(key)
    if (value === undefined) return null
    if (typeof value !== 'string') {
      if (!isNothing(value)) this.unfit(key, 'text')
      return null
    }
    const text = value.trim()
    return empty.has(text) ? null : text
  }

  texts(key: string): string[] {
    const value = this.raw(key)
    if (value === undefined || isNothing(value)) return []
    const items = Array.isArray(value) ? value : [value]
    return items.flatMap((item, index) => {
      if (typeof item === 'string') return empty.has(item.trim()) ? [] : [item.trim()]
      this.findings.error('field.type', `${this.below(key)}[${index}]`, `${show(item)} is no text`)
      return []
    })
  }

  number(key: string): number | null {
    const text = this.text(key)
    if (text === null) return null
    const value = numberText.test(text) ? Number(text) : NaN
    return Number.isFinite(value) ? value : this.unfit(key, 'a finite number with a point')
  }

  /** A whole number; `6.0` is one too. */
  integer(key: string): number | null {
    const value = this.number(key)
    if (value === null) return null
    return Number.isInteger(value) && Math.abs(value) <= largestInt
      ? value
      : this.unfit(key, 'a whole number of 32 bits')
  }

  boolean(key: string): boolean | null {
    const text = this.text(key)?.toLowerCase()
    if (text === undefined) return null
    if (['true', 'yes', 'on', '1'].includes(text)) return true
    if (['false', 'no', 'off', '0'].includes(text)) return false
    return this.unfit(key, 'True or False')
  }

  /** UTC, ISO 8601. */
  timestamp(key: string): string | null {
    const text = this.text(key)
    return text === null
      ? null
      : (toUtc(text, this.zone) ?? this.unfit(key, 'a time such as 2025-09-17 12:58:41'))
  }

  /** Numbers of `(103, 103, 2266, 1858)` or `[0, 0, 0, 0]`; null where it is missing or does not have `count` of them. */
  tuple(key: string, count: number): number[] | null {
    const value = this.raw(key)
    if (value === undefined || isNothing(value)) return null
    const parts = Array.isArray(value) ? value : tupleParts(value)
    const numbers = parts?.map((part) =>
      typeof part === 'string' && numberText.test(part.trim()) ? Number(part) : NaN,
    )
    return numbers?.length === count && numbers.every(Number.isFinite)
      ? numbers
      : this.unfit(key, `${count} numbers in brackets`)
  }

  below(key: string): string {
    return this.place.endsWith(':') ? `${this.place}${key}` : `${this.place}.${key}`
  }

  private unfit(key: string, allowed: string): null {
    this.findings.error('field.type', this.below(key), `${show(this.raw(key))} is not ${allowed}`)
    return null
  }
}

function isNothing(value: YamlValue): boolean {
  return typeof value === 'string' ? empty.has(value.trim()) : Object.keys(value).length === 0
}

function tupleParts(value: YamlValue): string[] | null {
  if (typeof value !== 'string') return null
  const match = /^\s*[([](.*)[)\]]\s*$/s.exec(value)
  return match?.[1]?.split(',').map((part) => part.trim()) ?? null
}

function show(value: YamlValue | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
