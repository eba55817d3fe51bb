/** The allowed name that somebody who typed `name` probably meant, or null. */
export function nearMiss(name: string, allowed: readonly string[]): string | null {
  const wanted = name.toLowerCase()
  let best: string | null = null
  // Names of one or two letters are near to everything.
  let bestDistance = wanted.length < 3 ? 1 : Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of allowed) {
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** `"extrat" is not an activity here; did you mean "extract"? activities are: extract, merge`. */
export function unknownName(name: string, one: string, many: string, allowed: readonly string[]): string {
  const near = nearMiss(name, allowed)
  const hint = near === null ? '' : ` did you mean ${JSON.stringify(near)}?`
  if (allowed.length === 0) return `${JSON.stringify(name)} is not ${one} here; there are no ${many}`
  return `${JSON.stringify(name)} is not ${one} here;${hint} ${many} are: ${listNames(allowed)}`
}

const shown = 40

/** Names for a message: all of a short list, the start of a long one. */
export function listNames(names: readonly string[]): string {
  if (names.length <= shown) return names.join(', ')
  return `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`
}

/** Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, at most `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        (last[column] ?? limit) + 1,
        (current[column - 1] ?? limit) + 1,
        (last[column - 1] ?? limit) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? limit) + 1)
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return Math.min(last[b.length] ?? limit, limit)
}
