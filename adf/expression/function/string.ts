import { Problem } from '../expression-error.ts'
import { foldCase, toLower, toUpper } from '../text-case.ts'
import { toText, type Value } from '../value.ts'
import { intAt, stringAt, wrong } from './argument.ts'
import { unbounded, type EagerRow, type FunctionRow } from './function-row.ts'
import { checkLength } from './text-length.ts'

/** A function of one text and a second one to look for in it. */
function search(name: string, find: (text: string, sought: string) => Value): EagerRow {
  return {
    name,
    signature: `${name}(text, searchText)`,
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => find(stringAt(args, 0), stringAt(args, 1)),
  }
}

/** The culture-aware comparisons of the engine see é and e+accent as one; ordinal positions do not. */
function fold(text: string): string {
  return foldCase(text.normalize('NFC'))
}

function substring(args: readonly Value[]): string {
  const text = stringAt(args, 0)
  const start = intAt(args, 1)
  if (start < 0 || start >= text.length) {
    throw new Problem(
      `the start ${start} is outside the text of ${text.length} characters; ` +
        (text.length === 0
          ? 'nothing can be taken from an empty text'
          : `allowed are 0 to ${text.length - 1}`),
    )
  }
  const length = args.length < 3 ? text.length - start : intAt(args, 2)
  if (length < 0 || start + length > text.length) {
    throw new Problem(
      `the length ${length} from ${start} is outside the text of ${text.length} characters; ` +
        `allowed are 0 to ${text.length - start}`,
    )
  }
  return text.slice(start, start + length)
}

/** .NET's white space is JavaScript's and U+0085, without the byte order mark. A loop, since a pattern ending in `+$` is quadratic. */
function trim(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d)
  return code === 0x85 || (code !== 0xfeff && /\s/.test(String.fromCharCode(code)))
}

function formatGuid(guid: string, format: string): string {
  const digits = guid.replaceAll('-', '')
  switch (format) {
    case 'D':
      return guid
    case 'N':
      return digits
    case 'B':
      return `{${guid}}`
    case 'P':
      return `(${guid})`
    case 'X': {
      const tail = digits.slice(16).match(/../g) ?? []
      const bytes = tail.map((byte) => `0x${byte}`).join(',')
      return `{0x${digits.slice(0, 8)},0x${digits.slice(8, 12)},0x${digits.slice(12, 16)},{${bytes}}}`
    }
    default:
      throw new Problem(`the format '${format}' is not known; allowed are N, D, B, P and X`)
  }
}

function replace(text: string, old: string, replacement: string): string {
  let found = 0
  for (let at = text.indexOf(old); at >= 0; at = text.indexOf(old, at + old.length)) found += 1
  checkLength(text.length + found * (replacement.length - old.length))
  return text.split(old).join(replacement)
}

function nthIndexOf(text: string, sought: string, occurrence: number): number {
  const [whole, part] = [foldCase(text), foldCase(sought)]
  if (occurrence === 0)
    throw new Problem('the occurrence 0 does not exist; the first one is 1, the last one -1')
  let found = -1
  if (occurrence > 0) {
    for (let count = 0; count < occurrence; count++) {
      found = whole.indexOf(part, found + 1)
      if (found === -1) return -1
    }
    return found
  }
  found = whole.length + 1
  for (let count = 0; count < -occurrence; count++) {
    if (found === 0) return -1
    found = whole.lastIndexOf(part, found - 1)
    if (found === -1) return -1
  }
  return found
}

export const stringFunctions: readonly FunctionRow[] = [
  {
    name: 'concat',
    signature: 'concat(value, …)',
    minArgs: 1,
    maxArgs: unbounded,
    evaluate: (args) => {
      let text = ''
      for (const arg of args) text += toText(arg)
      checkLength(text.length)
      return text
    },
  },
  search('startsWith', (text, sought) => fold(text).startsWith(fold(sought))),
  search('endsWith', (text, sought) => fold(text).endsWith(fold(sought))),
  search('indexOf', (text, sought) => foldCase(text).indexOf(foldCase(sought))),
  search('lastIndexOf', (text, sought) =>
    // .NET finds an empty text at the last character, not behind it.
    sought === '' ? Math.max(0, text.length - 1) : foldCase(text).lastIndexOf(foldCase(sought)),
  ),
  {
    name: 'nthIndexOf',
    signature: 'nthIndexOf(text, searchText, occurrence)',
    minArgs: 3,
    maxArgs: 3,
    evaluate: (args) => nthIndexOf(stringAt(args, 0), stringAt(args, 1), intAt(args, 2)),
  },
  {
    name: 'replace',
    signature: 'replace(text, oldText, newText)',
    minArgs: 3,
    maxArgs: 3,
    evaluate: (args) => {
      const [text, old, replacement] = [stringAt(args, 0), stringAt(args, 1), stringAt(args, 2)]
      if (text === '') return ''
      if (old === '') throw wrong(1, 'a text that is not empty', old)
      return replace(text, old, replacement)
    },
  },
  {
    name: 'split',
    signature: 'split(text, delimiter)',
    minArgs: 2,
    maxArgs: 2,
    evaluate: (args) => {
      const [text, delimiter] = [stringAt(args, 0), stringAt(args, 1)]
      return delimiter === '' ? [text] : text.split(delimiter)
    },
  },
  {
    name: 'substring',
    signature: 'substring(text, startIndex, [length])',
    minArgs: 2,
    maxArgs: 3,
    evaluate: substring,
  },
  {
    name: 'slice',
    signature: 'slice(text, startIndex, [endIndex])',
    minArgs: 2,
    maxArgs: 3,
    evaluate: (args) => stringAt(args, 0).slice(intAt(args, 1), args.length < 3 ? undefined : intAt(args, 2)),
  },
  {
    name: 'toLower',
    signature: 'toLower(text)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => toLower(stringAt(args, 0)),
  },
  {
    name: 'toUpper',
    signature: 'toUpper(text)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => toUpper(stringAt(args, 0)),
  },
  {
    name: 'trim',
    signature: 'trim(text)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => trim(stringAt(args, 0)),
  },
  {
    name: 'guid',
    signature: 'guid([format])',
    minArgs: 0,
    maxArgs: 1,
    evaluate: (args, { environment }) =>
      formatGuid(environment.guid(), args.length === 0 ? 'D' : stringAt(args, 0)),
  },
  {
    name: 'isInt',
    signature: 'isInt(text)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => {
      const text = stringAt(args, 0).trim()
      return (
        /^[+-]?\d{1,30}$/.test(text) &&
        BigInt.asIntN(64, BigInt(text.replace('+', ''))) === BigInt(text.replace('+', ''))
      )
    },
  },
  {
    name: 'isFloat',
    signature: 'isFloat(text)',
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => /^\s*[+-]?(\d[\d,]*(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(stringAt(args, 0)),
  },
]
