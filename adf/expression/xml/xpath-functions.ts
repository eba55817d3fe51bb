import type { XmlNode } from './tree.ts'
import { toBoolean, toNodes, toNumber, toText, type XPathContext, type XPathValue } from './xpath-value.ts'

interface XPathFunction {
  readonly minArgs: number
  readonly maxArgs: number
  evaluate(args: readonly XPathValue[], context: XPathContext): XPathValue
}

/** The first argument, else the context node. */
function nodeOf(args: readonly XPathValue[], context: XPathContext): XmlNode | undefined {
  const [first] = args
  return first === undefined ? context.node : toNodes(first)[0]
}

function valueOf(args: readonly XPathValue[], context: XPathContext): XPathValue {
  return args[0] ?? [context.node]
}

function text(args: readonly XPathValue[], index: number): string {
  return toText(args[index] ?? '')
}

function number(args: readonly XPathValue[], index: number): number {
  return toNumber(args[index] ?? Number.NaN)
}

/** Rounds halves up, as XPath says; NaN and infinities stay. */
function round(value: number): number {
  return Number.isFinite(value) ? Math.floor(value + 0.5) : value
}

function substring(args: readonly XPathValue[]): string {
  const start = round(number(args, 1))
  const end = args.length < 3 ? Number.POSITIVE_INFINITY : start + round(number(args, 2))
  return [...text(args, 0).matchAll(/[^]/gu)]
    .filter((_, index) => index + 1 >= start && index + 1 < end)
    .map(([letter]) => letter)
    .join('')
}

function translate(args: readonly XPathValue[]): string {
  const [from, to] = [Array.from(text(args, 1)), Array.from(text(args, 2))]
  return Array.from(text(args, 0), (letter) => {
    const at = from.indexOf(letter)
    return at === -1 ? letter : (to[at] ?? '')
  }).join('')
}

function isLanguage(args: readonly XPathValue[], { node }: XPathContext): boolean {
  const wanted = text(args, 0).toLowerCase()
  for (let at: XmlNode | null = node; at !== null; at = at.parent) {
    const language = at.attributes.find((one) => one.name === 'xml:lang')?.value.toLowerCase()
    if (language !== undefined) return language === wanted || language.startsWith(`${wanted}-`)
  }
  return false
}

function row(
  minArgs: number,
  maxArgs: number,
  evaluate: (args: readonly XPathValue[], context: XPathContext) => XPathValue,
): XPathFunction {
  return { minArgs, maxArgs, evaluate }
}

/** The functions of XPath 1.0, without id(), which needs a document type. */
export const xpathFunctions: Readonly<Record<string, XPathFunction>> = {
  last: row(0, 0, (_, { size }) => size),
  position: row(0, 0, (_, { position }) => position),
  count: row(1, 1, ([nodes = '']) => toNodes(nodes).length),
  'local-name': row(0, 1, (args, context) => nodeOf(args, context)?.localName ?? ''),
  'namespace-uri': row(0, 1, (args, context) => nodeOf(args, context)?.namespace ?? ''),
  name: row(0, 1, (args, context) => nodeOf(args, context)?.name ?? ''),
  string: row(0, 1, (args, context) => toText(valueOf(args, context))),
  concat: row(2, Number.MAX_SAFE_INTEGER, (args) => args.map(toText).join('')),
  'starts-with': row(2, 2, (args) => text(args, 0).startsWith(text(args, 1))),
  contains: row(2, 2, (args) => text(args, 0).includes(text(args, 1))),
  'substring-before': row(2, 2, (args) => {
    const at = text(args, 0).indexOf(text(args, 1))
    return at === -1 ? '' : text(args, 0).slice(0, at)
  }),
  'substring-after': row(2, 2, (args) => {
    const at = text(args, 0).indexOf(text(args, 1))
    return at === -1 ? '' : text(args, 0).slice(at + text(args, 1).length)
  }),
  substring: row(2, 3, substring),
  'string-length': row(0, 1, (args, context) => Array.from(toText(valueOf(args, context))).length),
  'normalize-space': row(0, 1, (args, context) =>
    toText(valueOf(args, context))
      .replace(/[ \t\r\n]+/g, ' ')
      .trim(),
  ),
  translate: row(3, 3, translate),
  boolean: row(1, 1, ([value = '']) => toBoolean(value)),
  not: row(1, 1, ([value = '']) => !toBoolean(value)),
  true: row(0, 0, () => true),
  false: row(0, 0, () => false),
  lang: row(1, 1, isLanguage),
  number: row(0, 1, (args, context) => toNumber(valueOf(args, context))),
  sum: row(1, 1, ([nodes = '']) => toNodes(nodes).reduce((total, node) => total + toNumber([node]), 0)),
  floor: row(1, 1, (args) => Math.floor(number(args, 0))),
  ceiling: row(1, 1, (args) => Math.ceil(number(args, 0))),
  round: row(1, 1, (args) => round(number(args, 0))),
}
