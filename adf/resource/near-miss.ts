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
    // Nearer is only the name itself, which is not unknown.
    if (bestDistance <= 1 && best !== null) break
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

/**
 * Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, at most `limit`. Looks only at places that fewer edits can reach:
 * a pipeline of thousands of wrong names is compared with itself.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current: number[] = []
    const from = Math.max(1, row - limit + 1)
    const to = Math.min(b.length, row + limit - 1)
    current[from - 1] = from === 1 ? row : limit
    let least = current[from - 1] ?? limit
    for (let column = from; column <= to; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        (last[column] ?? limit) + 1,
        (current[column - 1] ?? limit) + 1,
        (last[column - 1] ?? limit) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? limit) + 1)
      current[column] = cost
      least = Math.min(least, cost)
    }
    // A swap reaches back two rows: one that is less by one may still come from there.
    if (least > limit) return limit
    beforeLast = last
    last = current
  }
  return Math.min(last[b.length] ?? limit, limit)
}
