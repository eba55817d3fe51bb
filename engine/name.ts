/** ADF compares the names of activities, variables and parameters without regard to case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** The entry of a record whose key is this name; null where there is none. */
export function entryNamed<T>(
  record: Readonly<Record<string, T>>,
  name: string,
): { readonly name: string; readonly value: T } | null {
  for (const [key, value] of Object.entries(record)) if (sameName(key, name)) return { name: key, value }
  return null
}
