import type { Event } from 'js-yaml'
import { EVENT_ID, getScalarValue } from 'js-yaml'
import { Positions, lineFinder } from './positions.ts'

/** A collection that is open while the events go by. */
interface Frame {
  readonly path: readonly (string | number)[]
  readonly kind: 'sequence' | 'mapping' | 'document'
  /** Items or keys so far. */
  count: number
  /** In a mapping: the key whose value comes next. */
  key: string | null
  /** In a mapping: offset of that key. */
  keyOffset: number
}

/** Where each value of the first document stands. A property's line is its key's: `timeout: |` and its text are one place to a reader. */
export function positionsOf(events: readonly Event[], text: string): Positions {
  const positions = new Positions()
  const lineAt = lineFinder(text)
  const frames: Frame[] = []

  const place = (offset: number): readonly (string | number)[] => {
    const frame = frames.at(-1)
    if (frame === undefined || frame.kind === 'document') {
      positions.set([], lineAt(Math.max(offset, 0)))
      return []
    }
    if (frame.kind === 'sequence') {
      const path = [...frame.path, frame.count++]
      if (offset >= 0) positions.set(path, lineAt(offset))
      return path
    }
    const path = [...frame.path, frame.key ?? '']
    positions.set(path, lineAt(frame.keyOffset >= 0 ? frame.keyOffset : Math.max(offset, 0)))
    frame.key = null
    return path
  }

  for (const event of events) {
    const frame = frames.at(-1)
    const isKey = frame?.kind === 'mapping' && frame.key === null && event.type !== EVENT_ID.POP
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        frames.push(opened([], 'document'))
        break
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const kind = event.type === EVENT_ID.SEQUENCE ? 'sequence' : 'mapping'
        // A collection as a key has no place in JSON: its inside is measured nowhere.
        if (isKey && frame !== undefined) frame.key = ''
        frames.push(opened(isKey ? ['?'] : place(event.start), kind))
        break
      }
      case EVENT_ID.SCALAR:
        if (isKey && frame !== undefined) {
          frame.key = getScalarValue(text, event)
          frame.keyOffset = event.valueStart
        } else place(event.valueStart)
        break
      case EVENT_ID.ALIAS:
        if (isKey && frame !== undefined) frame.key = ''
        else place(event.anchorStart)
        break
      case EVENT_ID.POP:
        frames.pop()
        break
    }
  }
  return positions
}

function opened(path: readonly (string | number)[], kind: Frame['kind']): Frame {
  return { path, kind, count: 0, key: null, keyOffset: -1 }
}
