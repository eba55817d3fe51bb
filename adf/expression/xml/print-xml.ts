import { splitName, type XmlNode } from './tree.ts'

/** XML as .NET writes it: `<a />` for what was written so, no indentation. */
export function printXml(node: XmlNode): string {
  return print(node, null, '')
}

/** As .NET's XPath results are written: indented by two spaces, with the namespaces that the node takes from its parents. */
export function printNode(node: XmlNode): string {
  if (node.kind === 'root') return node.children.map((child) => print(child, '\n', '')).join('\n')
  return print(node, '\n', inheritedDeclarations(node))
}

function print(node: XmlNode, newLine: string | null, declarations: string): string {
  switch (node.kind) {
    case 'root':
      return node.children.map((child) => print(child, newLine, '')).join('')
    case 'text':
      return node.isCdata ? `<![CDATA[${node.value}]]>` : escapeText(node.value)
    case 'comment':
      return `<!--${node.value}-->`
    case 'instruction':
      return `<?${node.name}${node.value === '' ? '' : ` ${node.value}`}?>`
    case 'attribute':
      return attribute(node.name, node.value)
    case 'element':
      return element(node, newLine, declarations)
  }
}

function element(node: XmlNode, newLine: string | null, declarations: string): string {
  let open = `<${node.name}`
  for (const [prefix, namespace] of node.declarations) {
    open += ` ${attribute(prefix === '' ? 'xmlns' : `xmlns:${prefix}`, namespace)}`
  }
  for (const one of node.attributes) open += ` ${attribute(one.name, one.value)}`
  open += declarations
  if (node.children.length === 0) return node.selfClosed ? `${open} />` : `${open}></${node.name}>`
  // Text among the children would change by indentation.
  const isMixed = node.children.some((child) => child.kind === 'text')
  const inner = newLine === null || isMixed ? null : `${newLine}  `
  const content = node.children.map((child) => `${inner ?? ''}${print(child, inner, '')}`).join('')
  return `${open}>${content}${inner === null ? '' : newLine}</${node.name}>`
}

function inheritedDeclarations(node: XmlNode): string {
  const needed = new Map<string, string>()
  collect(node, [], needed)
  return [...needed]
    .map(([prefix, ns]) => ` ${attribute(prefix === '' ? 'xmlns' : `xmlns:${prefix}`, ns)}`)
    .join('')
}

function collect(node: XmlNode, declared: readonly string[], needed: Map<string, string>): void {
  if (node.kind !== 'element') return
  const known = [...declared, ...node.declarations.keys()]
  for (const one of [node, ...node.attributes]) {
    const { prefix } = splitName(one.name)
    if (one.namespace !== '' && prefix !== 'xml' && !known.includes(prefix)) needed.set(prefix, one.namespace)
  }
  for (const child of node.children) collect(child, known, needed)
}

function attribute(name: string, value: string): string {
  const text = escapeText(value).replaceAll('"', '&quot;').replaceAll('\n', '&#xA;').replaceAll('\t', '&#x9;')
  return `${name}="${text}"`
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
