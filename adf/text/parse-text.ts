import { CORE_SCHEMA, YAMLException, constructFromEvents, mergeTag, parseEvents } from 'js-yaml'
import type { JsonValue } from '../json.ts'
import { positionsOf } from './event-positions.ts'
import type { Path } from './positions.ts'
import { Positions } from './positions.ts'
import { toJson } from './to-json.ts'

/** What a text holds, as JSON. `value` is undefined where `problems` has an error that leaves nothing to read. */
export interface ParsedText {
  readonly value: JsonValue | undefined
  readonly positions: Positions
  readonly problems: readonly TextProblem[]
}

export interface TextProblem {
  readonly path: Path
  /** From 1; null: the line of `path`. */
  readonly line: number | null
  readonly message: string
  readonly severity: 'error' | 'warning'
}

/** Characters of one definition. ADF stops at 200 KB; generated pipelines may be larger. */
export const textLimit = 5_000_000
const aliasLimit = 1_000
const depthLimit = 100

const schema = CORE_SCHEMA.withTags(mergeTag)

/**
 * Reads YAML 1.2 or JSON (which YAML 1.2 contains) into JSON values and their lines. Never throws. `0.12:00:00` and `2026-01-01`
 * stay text; anchors and `<<` work within limits; tags, several documents and duplicate keys are problems.
 */
export function parseText(text: string): ParsedText {
  if (text.length > textLimit) {
    return failed(`is ${text.length} characters long; a definition has at most ${textLimit}`, null)
  }
  try {
    const events = parseEvents(text, { maxDepth: depthLimit })
    const documents = constructFromEvents(events, { source: text, schema, maxAliases: aliasLimit })
    if (documents.length !== 1) {
      return failed(
        documents.length === 0
          ? 'is empty; a definition is one document'
          : `holds ${documents.length} documents; write one definition a file`,
        null,
      )
    }
    const positions = positionsOf(events, text)
    const { value, problems } = toJson(documents[0])
    return { value, positions, problems }
  } catch (error) {
    if (error instanceof YAMLException) {
      if (error.mark === undefined) return failed(`cannot be read: ${error.reason}`, null)
      const at = (text.split('\n')[error.mark.line] ?? '').trim()
      const shown = at === '' ? '' : `, at: ${at.length > 60 ? `${at.slice(0, 60)}…` : at}`
      return failed(`cannot be read: ${error.reason}${shown}`, error.mark.line + 1)
    }
    return failed(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, null)
  }
}

function failed(message: string, line: number | null): ParsedText {
  const positions = new Positions()
  return {
    value: undefined,
    positions,
    problems: [{ path: [], line: line ?? 1, message, severity: 'error' }],
  }
}
