import { DefinitionError } from '../../adf/errors.ts'

/** Parts of .NET's custom formats for dates → DuckDB's; longest first. */
const parts: readonly (readonly [string, string])[] = [
  ['yyyy', '%Y'],
  ['yy', '%y'],
  ['MMMM', '%B'],
  ['MMM', '%b'],
  ['MM', '%m'],
  ['M', '%-m'],
  ['dddd', '%A'],
  ['ddd', '%a'],
  ['dd', '%d'],
  ['d', '%-d'],
  ['HH', '%H'],
  ['H', '%-H'],
  ['hh', '%I'],
  ['h', '%-I'],
  ['mm', '%M'],
  ['m', '%-M'],
  ['ss', '%S'],
  ['s', '%-S'],
  ['fffffff', '%n'],
  ['ffffff', '%f'],
  ['fff', '%g'],
  ['tt', '%p'],
  ['zzz', '%z'],
  ['K', '%z'],
]

/** A .NET custom format of dates as DuckDB's strptime and strftime read it. Throws a DefinitionError where a part has no counterpart. */
export function strptimeFormat(format: string): string {
  let result = ''
  for (let index = 0; index < format.length;) {
    const character = format.charAt(index)
    if (character === "'" || character === '"') {
      const end = format.indexOf(character, index + 1)
      if (end === -1) throw unread(format, format.slice(index))
      result += literal(format.slice(index + 1, end))
      index = end + 1
      continue
    }
    if (character === '\\') {
      result += literal(format.charAt(index + 1))
      index += 2
      continue
    }
    const part = parts.find(([net]) => format.startsWith(net, index))
    if (part !== undefined) {
      result += part[1]
      index += part[0].length
      continue
    }
    // `T` and `Z` are literals of .NET, other letters are parts that are missing above.
    if (/[A-Za-z]/.test(character) && character !== 'T' && character !== 'Z') throw unread(format, character)
    result += literal(character)
    index += 1
  }
  return result
}

function literal(text: string): string {
  return text.replaceAll('%', '%%')
}

function unread(format: string, rest: string): DefinitionError {
  return new DefinitionError(
    `the date format ${JSON.stringify(format)} holds ${JSON.stringify(rest)}, which is not read here; parts are: ${parts.map(([net]) => net).join(', ')}`,
  )
}
