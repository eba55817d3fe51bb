/**
 * Case as .NET's invariant culture sees it: letter by letter, so the length never changes (`ß` stays `ß`, `İ` and `ı`
 * have no other case). Indexes into the result are indexes into the text.
 */
function mapLetters(text: string, change: (text: string) => string): string {
  const whole = change(text)
  // ASCII, and nearly all other text, keeps its length letter by letter; then the whole is right as it is.
  if (/^[\0-\x7f]*$/.test(text)) return whole
  let result = ''
  for (const letter of text) {
    const changed = letter === 'ı' || letter === 'İ' ? letter : change(letter)
    result += changed.length === letter.length ? changed : letter
  }
  return result
}

export function toUpper(text: string): string {
  return mapLetters(text, (part) => part.toUpperCase())
}

export function toLower(text: string): string {
  return mapLetters(text, (part) => part.toLowerCase())
}

/** Equal for two texts that differ in case only; same length as the text. */
export function foldCase(text: string): string {
  return toUpper(text)
}
