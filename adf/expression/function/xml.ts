import { binaryObject, binaryType, fromUtf8, utf8 } from '../binary.ts'
import { Problem } from '../expression-error.ts'
import { binaryContent, float, isObject, type Value } from '../value.ts'
import { parseXml } from '../xml/parse-xml.ts'
import { printNode, printXml } from '../xml/print-xml.ts'
import { fromJson } from '../xml/xml-json.ts'
import type { XmlNode } from '../xml/tree.ts'
import { selectXPath } from '../xml/xpath.ts'
import { at, stringAt, wrong } from './argument.ts'
import type { FunctionRow } from './function-row.ts'

const type = 'application/xml;charset=utf-8'

/** The text of an XML object as `xml()` makes it; null for any other value. */
export function xmlText(value: Value): string | null {
  const isXml = /^(application|text)\/([\w.-]+\+)?xml\b/i.test(binaryType(value) ?? '')
  const bytes = isXml ? binaryContent(value) : null
  return bytes === null ? null : fromUtf8(bytes)
}

function xmlObject(text: string): Value {
  return binaryObject(type, utf8(text))
}

function xml(value: Value): Value {
  const text = typeof value === 'string' ? value : xmlText(value)
  if (text !== null) return xmlObject(printXml(parseXml(text)))
  if (!isObject(value)) throw wrong(0, 'a string or an object', value)
  return xmlObject(printXml(fromJson(value)))
}

function nodeResult(node: XmlNode): Value {
  if (node.kind === 'text') return node.value
  if (node.kind === 'attribute') return printXml(node)
  if (node.kind === 'element' || node.kind === 'root') return xmlObject(printNode(node))
  throw new Problem(`the XPath selects a ${node.kind}; allowed are elements, attributes and text`)
}

function xpath(args: readonly Value[]): Value {
  const text = xmlText(at(args, 0))
  if (text === null) throw wrong(0, 'an XML object as xml() makes it', at(args, 0))
  const found = selectXPath(parseXml(text, { mergeText: true }), stringAt(args, 1))
  if (typeof found === 'object') return found.map(nodeResult)
  if (typeof found !== 'number') return found
  if (!Number.isFinite(found)) throw new Problem(`the XPath gives ${found}, which is no number`)
  return float(found)
}

export const xmlFunctions: readonly FunctionRow[] = [
  { name: 'xml', signature: 'xml(value)', minArgs: 1, maxArgs: 1, evaluate: (args) => xml(at(args, 0)) },
  { name: 'xpath', signature: 'xpath(xml, xpath)', minArgs: 2, maxArgs: 2, evaluate: xpath },
]
