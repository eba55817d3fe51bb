/** Whether text holds a wildcard of ADF: `*` or `?`, not escaped by `^`. */
export function holdsWildcard(text: string): boolean {
  return /(^|[^^])[*?]/.test(text)
}

/** A name without its escapes: `a^*b` is the name `a*b`. */
export function withoutEscapes(text: string): string {
  return text.replaceAll(/\^([*?^])/g, '$1')
}

/** ADF's wildcards as a regular expression over one name: `*` zero or more characters, `?` zero or one, `^` escapes. */
export function wildcardPattern(text: string): RegExp {
  let pattern = ''
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    const next = text.charAt(index + 1)
    if (character === '^' && (next === '*' || next === '?' || next === '^')) {
      pattern += escaped(next)
      index += 1
    } else if (character === '*') {
      // Several in a row mean what one means; as one they cannot make matching slow.
      if (!pattern.endsWith('[^/]*')) pattern += '[^/]*'
    } else if (character === '?') pattern += '[^/]?'
    else pattern += escaped(character)
  }
  return new RegExp(`^${pattern}$`, 'su')
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}
