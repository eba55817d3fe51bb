import { collectionFunctions } from './collection.ts'
import { conversionFunctions } from './conversion.ts'
import { dateFunctions } from './date.ts'
import type { FunctionRow } from './function-row.ts'
import { logicalFunctions } from './logical.ts'
import { mathFunctions } from './math.ts'
import { objectFunctions } from './object.ts'
import { referenceFunctions } from './reference.ts'
import { stringFunctions } from './string.ts'
import { xmlFunctions } from './xml.ts'

/** Every function of the language. */
export const functionRows: readonly FunctionRow[] = [
  ...referenceFunctions,
  ...stringFunctions,
  ...collectionFunctions,
  ...objectFunctions,
  ...logicalFunctions,
  ...conversionFunctions,
  ...mathFunctions,
  ...dateFunctions,
  ...xmlFunctions,
]

const byName = new Map(functionRows.map((row) => [row.name.toLowerCase(), row]))

/** The function of that name in any case; null where there is none. */
export function findFunction(name: string): FunctionRow | null {
  return byName.get(name.toLowerCase()) ?? null
}

/** The function names nearest to a misspelt one, for messages; empty where none is near. */
export function similarFunctions(name: string): string[] {
  const wanted = name.toLowerCase()
  return functionRows
    .map((row) => ({ name: row.name, distance: nearness(wanted, row.name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((one) => one.name)
}

function nearness(wanted: string, name: string): number {
  return wanted.length >= 4 && name.startsWith(wanted) ? 1 : editDistance(wanted, name)
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
