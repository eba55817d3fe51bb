import { FAILSAFE_SCHEMA, load, YAMLException } from 'js-yaml'
import { DataError } from '../data-error.ts'
import { decodeText } from './decode.ts'

/** YAML of the failsafe schema: every scalar is text, so that serial `00020015` and gel `12E5` stay what they are. */
export type YamlValue = string | YamlValue[] | YamlMapping
export type YamlMapping = { [key: string]: YamlValue }

export interface YamlLimits {
  /** Largest file in bytes, and longest text in characters after aliases are expanded. @default 16 MiB */
  readonly bytes: number
  /** Deepest nesting. @default 32 */
  readonly depth: number
  /** Most aliases (`*ref`); scanning software writes none. @default 64 */
  readonly aliases: number
  /** Most values after aliases are expanded. @default 2 million */
  readonly values: number
}

export interface ReadYaml {
  readonly value: YamlMapping
  /** What was tolerated: encoding, tabs, duplicate keys. */
  readonly warnings: readonly string[]
}

const defaults: YamlLimits = { bytes: 16 * 2 ** 20, depth: 32, aliases: 64, values: 2_000_000 }

/** No editor shows tabs in any other width. */
const tabWidths = [4, 8, 2]

/**
 * Reads a YAML mapping as scanning PCs and people write it: BOM, CRLF, Windows-1252, tabs as indentation, duplicate keys (the last
 * one counts, as with most readers). Throws a DataError that names the file, the line and the reason.
 */
export function readYaml(bytes: Uint8Array, file: string, limits: Partial<YamlLimits> = {}): ReadYaml {
  const allowed = { ...defaults, ...limits }
  if (bytes.length > allowed.bytes)
    throw new DataError(`${file} has ${bytes.length} bytes; YAML of at most ${allowed.bytes} bytes is read`)
  const { text, warnings } = decodeText(bytes)
  const notes = [...warnings]
  const value = parseTolerantly(text, file, allowed, notes)
  const budget = { values: allowed.values, characters: allowed.bytes }
  if (!isYamlValue(value, budget)) throw new DataError(`${file} ${refusal(budget, allowed)}`)
  if (!isMapping(value)) {
    const found = typeof value === 'string' ? 'plain text' : 'a list'
    throw new DataError(`${file} holds ${found}; expected "key: value" lines`)
  }
  return { value, warnings: notes }
}

export function isMapping(value: YamlValue | undefined): value is YamlMapping {
  return typeof value === 'object' && !Array.isArray(value)
}

function parseTolerantly(text: string, file: string, limits: YamlLimits, notes: string[]): unknown {
  try {
    return parse(text, limits, notes)
  } catch (error) {
    if (/^[ ]*\t[ \t]*\S/m.test(text)) {
      for (const width of tabWidths) {
        try {
          const value = parse(expandTabs(text, width), limits, notes)
          notes.push(`is indented with tabs; read with tabs of ${width}`)
          return value
        } catch {
          // The next width may fit; the error of the text as it is says most.
        }
      }
    }
    throw unreadable(error, file)
  }
}

function parse(text: string, limits: YamlLimits, notes: string[]): unknown {
  const options = { schema: FAILSAFE_SCHEMA, maxDepth: limits.depth, maxAliases: limits.aliases }
  try {
    return load(text, options)
  } catch (error) {
    if (!(error instanceof YAMLException) || error.reason !== 'duplicated mapping key') throw error
    const value = load(text, { ...options, json: true })
    notes.push(`repeats a key in line ${(error.mark?.line ?? 0) + 1}; the last one counts`)
    return value
  }
}

function expandTabs(text: string, width: number): string {
  return text.replace(/^[ \t]+/gm, (indent) => {
    let column = 0
    for (const character of indent) column += character === '\t' ? width - (column % width) : 1
    return ' '.repeat(column)
  })
}

function unreadable(error: unknown, file: string): unknown {
  if (error instanceof YAMLException) {
    const line = error.mark === undefined ? '' : `:${error.mark.line + 1}`
    return new DataError(`${file}${line} is not readable YAML: ${error.reason}`, { cause: error })
  }
  if (error instanceof RangeError)
    return new DataError(`${file} is not readable YAML: ${error.message}`, { cause: error })
  return error
}

interface Budget {
  values: number
  characters: number
}

/** Walks every value as often as aliases repeat it, so that an expansion bomb runs out of its budget here and nowhere later. */
function isYamlValue(value: unknown, budget: Budget): value is YamlValue {
  budget.values -= 1
  if (budget.values < 0) return false
  if (typeof value === 'string') return isAffordable(value, budget)
  if (Array.isArray(value)) return value.every((item) => isYamlValue(item, budget))
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([key, item]) => isAffordable(key, budget) && isYamlValue(item, budget))
  )
}

function isAffordable(text: string, budget: Budget): boolean {
  budget.characters -= text.length
  return budget.characters >= 0
}

function refusal(budget: Budget, limits: YamlLimits): string {
  if (budget.values < 0) return `has more than ${limits.values} values once its aliases are expanded`
  if (budget.characters < 0) return `has more than ${limits.bytes} characters once its aliases are expanded`
  return 'holds something other than text, lists and mappings'
}
