/** A node of an XML document, in the data model of XPath 1.0. */
export interface XmlNode {
  readonly kind: 'root' | 'element' | 'attribute' | 'text' | 'comment' | 'instruction'
  /** As written, with its prefix; empty for text. */
  readonly name: string
  readonly localName: string
  /** Empty: in no namespace. */
  readonly namespace: string
  /** Text, attribute value, comment; empty for elements. */
  readonly value: string
  readonly parent: XmlNode | null
  /** Without namespace declarations, which stand in `declarations`. */
  readonly attributes: XmlNode[]
  /** Namespace declarations written here: prefix (empty for the default one) → namespace. */
  readonly declarations: Map<string, string>
  readonly children: XmlNode[]
  /** Written as `<a />`; `<a></a>` is an empty text in JSON, `<a />` is null. */
  readonly selfClosed: boolean
  readonly isCdata: boolean
  /** Position in document order. */
  readonly order: number
}

export function makeNode(fields: Partial<XmlNode> & Pick<XmlNode, 'kind' | 'order'>): XmlNode {
  return {
    name: '',
    localName: '',
    namespace: '',
    value: '',
    parent: null,
    attributes: [],
    declarations: new Map(),
    children: [],
    selfClosed: false,
    isCdata: false,
    ...fields,
  }
}

/** The text of a node and of all that is in it, without comments. */
export function stringValue(node: XmlNode): string {
  if (node.kind !== 'root' && node.kind !== 'element') return node.value
  let text = ''
  for (const child of node.children) {
    if (child.kind === 'element' || child.kind === 'text') text += stringValue(child)
  }
  return text
}

/** The namespace that a prefix has at a node; null where it is not declared. */
export function namespaceOf(node: XmlNode | null, prefix: string): string | null {
  if (prefix === 'xml') return 'http://www.w3.org/XML/1998/namespace'
  for (let at = node; at !== null; at = at.parent) {
    const found = at.declarations.get(prefix)
    if (found !== undefined) return found
  }
  return prefix === '' ? '' : null
}

export function splitName(name: string): { prefix: string; localName: string } {
  const colon = name.indexOf(':')
  return colon === -1
    ? { prefix: '', localName: name }
    : { prefix: name.slice(0, colon), localName: name.slice(colon + 1) }
}
