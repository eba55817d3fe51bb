/** The parts of `Key=Value;…`, keys in lower case; values may stand in quotes. */
export function connectionStringOf(text: string): ReadonlyMap<string, string> {
  const parts = text.matchAll(/([^=;]+)=\s*("(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)/g)
  return new Map(
    [...parts].map(([, key = '', value = '']) => [key.trim().toLowerCase(), unquoted(value.trim())] as const),
  )
}

function unquoted(value: string): string {
  const quote = value.at(0)
  if ((quote !== '"' && quote !== "'") || value.at(-1) !== quote) return value
  return value.slice(1, -1).replaceAll(quote + quote, quote)
}
