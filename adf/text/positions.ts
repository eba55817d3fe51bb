/** Keys and indexes from the root of a document: `['properties', 'activities', 0, 'name']`. */
export type Path = readonly (string | number)[]

/** Where each value of a document stands. Property names are looked up whatever their case, as ADF reads them. */
export class Positions {
  readonly #lines = new Map<string, number>()
  readonly #outer: (path: Path) => number | null

  /** `outer` answers for places that have no line of their own: the document that this one was cut out of. */
  constructor(outer: (path: Path) => number | null = () => null) {
    this.#outer = outer
  }

  set(path: Path, line: number): void {
    this.#lines.set(keyOf(path), line)
  }

  /** Line from 1 of the value at `path`, or of the nearest value around it (an absent property, an alias's inside). */
  lineOf(path: Path): number | null {
    for (let length = path.length; length >= 0; length--) {
      const line = this.#lines.get(keyOf(path.slice(0, length)))
      if (line !== undefined) return line
    }
    return this.#outer(path)
  }
}

function keyOf(path: Path): string {
  return JSON.stringify(path.map((part) => String(part).toLowerCase()))
}

/** Turns offsets into lines: `lineAt(offset)` from 1. */
export function lineFinder(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
