import { Problem } from '../expression-error.ts'
import { isArray, isNumber, isObject, setKey, toText, type Value, type ValueObject } from '../value.ts'
import { makeNode, type XmlNode } from './tree.ts'

/**
 * JSON and XML as Newtonsoft converts them: `@name` is an attribute, `#text` text beside others, an array repeated
 * elements, null `<a />`, the empty text `<a></a>`.
 */
export function fromJson(value: ValueObject): XmlNode {
  const root = makeNode({ kind: 'root', order: 0 })
  for (const [key, item] of Object.entries(value)) {
    if (key === '?xml' && isObject(item)) root.children.push(declaration(item))
    else addChild(root, key, item)
  }
  const roots = root.children.filter((child) => child.kind === 'element')
  if (roots.length !== 1) {
    throw new Problem(
      `the object must have one property, which becomes the root element; it has ${roots.length}: ${Object.keys(value).join(', ')}`,
    )
  }
  return root
}

function declaration(value: ValueObject): XmlNode {
  const parts = Object.entries(value).map(([key, item]) => `${key.replace(/^@/, '')}="${toText(item)}"`)
  return makeNode({ kind: 'instruction', order: 0, name: 'xml', value: parts.join(' ') })
}

function addChild(parent: XmlNode, key: string, value: Value): void {
  if (key.startsWith('@') && parent.kind === 'element') {
    const name = encodeName(key.slice(1))
    if (name === 'xmlns' || name.startsWith('xmlns:'))
      parent.declarations.set(name.slice(6), scalarText(value))
    else
      parent.attributes.push(
        makeNode({ kind: 'attribute', order: 0, name, value: scalarText(value), parent }),
      )
  } else if (isArray(value)) {
    for (const item of value) addChild(parent, key, item)
  } else if (key === '#text' || key === '#cdata-section') {
    const isCdata = key === '#cdata-section'
    parent.children.push(makeNode({ kind: 'text', order: 0, value: scalarText(value), parent, isCdata }))
  } else if (key.startsWith('?')) {
    parent.children.push(
      makeNode({ kind: 'instruction', order: 0, name: key.slice(1), value: scalarText(value), parent }),
    )
  } else {
    parent.children.push(elementOf(parent, encodeName(key), value))
  }
}

function elementOf(parent: XmlNode, name: string, value: Value): XmlNode {
  const isEmpty =
    value === null ||
    (isObject(value) &&
      Object.entries(value).every(
        ([key, item]) => key.startsWith('@') || (isArray(item) && item.length === 0),
      ))
  const element = makeNode({ kind: 'element', order: 0, name, parent, selfClosed: isEmpty })
  if (isObject(value)) for (const [key, item] of Object.entries(value)) addChild(element, key, item)
  else if (value !== null && value !== '') {
    element.children.push(makeNode({ kind: 'text', order: 0, value: scalarText(value), parent: element }))
  }
  return element
}

function scalarText(value: Value): string {
  if (typeof value === 'boolean') return String(value)
  if (isNumber(value) || typeof value === 'string' || value === null) return toText(value)
  throw new Problem('an attribute or a text must be a string, a number, a boolean or null')
}

/** What may not stand in an XML name is written `_xHHHH_`, as .NET does. */
function encodeName(name: string): string {
  let result = ''
  for (const letter of name) {
    const allowed = result === '' ? /[\p{L}_]/u : /[\p{L}\p{N}_.:-]/u
    result += allowed.test(letter)
      ? letter
      : `_x${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}_`
  }
  return result
}

function decodeName(name: string): string {
  return name.replace(/_x([0-9a-fA-F]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
}

export function toJsonObject(root: XmlNode): Value {
  const result: Record<string, Value> = {}
  for (const child of root.children) {
    if (child.kind === 'instruction' && child.name === 'xml') {
      const parts = [...child.value.matchAll(/([\w]+)\s*=\s*["']([^"']*)["']/g)]
      setKey(result, '?xml', Object.fromEntries(parts.map(([, key, value]) => [`@${key}`, value ?? ''])))
    }
    if (child.kind === 'element') setKey(result, decodeName(child.name), elementValue(child))
  }
  return result
}

function elementValue(element: XmlNode): Value {
  const children = element.children.filter((child) => child.kind !== 'comment')
  const [only] = children
  const isPlain = element.attributes.length === 0 && element.declarations.size === 0
  if (isPlain && only === undefined) return element.selfClosed ? null : ''
  if (isPlain && children.length === 1 && only?.kind === 'text' && !only.isCdata) return only.value
  const result: Record<string, Value> = {}
  for (const [prefix, namespace] of element.declarations) {
    setKey(result, prefix === '' ? '@xmlns' : `@xmlns:${prefix}`, namespace)
  }
  for (const one of element.attributes) setKey(result, `@${decodeName(one.name)}`, one.value)
  const groups = new Map<string, Value[]>()
  for (const child of children) {
    const key = keyOf(child)
    const value = child.kind === 'element' ? elementValue(child) : child.value
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  for (const [key, values] of groups) setKey(result, key, values.length === 1 ? (values[0] ?? null) : values)
  return result
}

function keyOf(child: XmlNode): string {
  if (child.kind === 'text') return child.isCdata ? '#cdata-section' : '#text'
  return child.kind === 'instruction' ? `?${child.name}` : decodeName(child.name)
}
