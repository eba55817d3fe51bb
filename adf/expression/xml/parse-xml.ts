import { Problem } from '../expression-error.ts'
import { makeNode, namespaceOf, splitName, type XmlNode } from './tree.ts'

const nameText = /[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*/uy
const blanks = /[ \t\r\n]*/y
const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const deepest = 500

/**
 * Reads an XML document. White space between tags is dropped, as the engine does. With `mergeText`
 * CDATA and the text beside it are one node, as XPath wants it. Document types are refused, so no entity
 * can expand. Own code: the workflow sandbox has no DOM, and a library would be the largest part of its bundle.
 */
export function parseXml(text: string, options: { readonly mergeText?: boolean } = {}): XmlNode {
  return new Reader(
    text.replace(/\r\n?/g, '\n').replace(/^\uFEFF/, ''),
    options.mergeText ?? false,
  ).document()
}

class Reader {
  readonly #text: string
  readonly #mergeText: boolean
  #at = 0
  #order = 0

  constructor(text: string, mergeText: boolean) {
    this.#text = text
    this.#mergeText = mergeText
  }

  document(): XmlNode {
    const root = makeNode({ kind: 'root', order: this.#order++ })
    const stack: XmlNode[] = [root]
    while (this.#at < this.#text.length) {
      const parent = stack.at(-1) ?? root
      if (this.#text[this.#at] !== '<') this.#characters(parent)
      else if (this.#text.startsWith('<!--', this.#at)) this.#comment(parent)
      else if (this.#text.startsWith('<![CDATA[', this.#at)) this.#cdata(parent)
      else if (this.#text.startsWith('<?', this.#at)) this.#instruction(parent)
      else if (this.#text.startsWith('<!', this.#at)) throw this.#problem('document types are not supported')
      else if (this.#text.startsWith('</', this.#at)) this.#closing(stack)
      else {
        const element = this.#opening(parent)
        if (!element.selfClosed) stack.push(element)
        if (stack.length > deepest) throw this.#problem(`elements are nested deeper than ${deepest} levels`)
      }
    }
    const open = stack.at(-1)
    if (open !== undefined && open !== root) throw this.#problem(`<${open.name}> is not closed`)
    if (!root.children.some((child) => child.kind === 'element'))
      throw this.#problem('there is no root element')
    return root
  }

  #characters(parent: XmlNode): void {
    const end = this.#text.indexOf('<', this.#at)
    const raw = this.#text.slice(this.#at, end === -1 ? undefined : end)
    if (raw.trim() !== '') {
      if (parent.kind === 'root') throw this.#problem('text outside the root element')
      this.#add(parent, { kind: 'text', value: this.#decode(raw) })
    }
    this.#at += raw.length
  }

  #comment(parent: XmlNode): void {
    this.#add(parent, { kind: 'comment', value: this.#until('<!--', '-->') })
  }

  #cdata(parent: XmlNode): void {
    if (parent.kind === 'root') throw this.#problem('text outside the root element')
    this.#add(parent, { kind: 'text', value: this.#until('<![CDATA[', ']]>'), isCdata: true })
  }

  #instruction(parent: XmlNode): void {
    const [, name = '', value = ''] = /^(\S*)\s*([^]*)$/.exec(this.#until('<?', '?>')) ?? []
    this.#add(parent, { kind: 'instruction', name, localName: name, value })
  }

  #opening(parent: XmlNode): XmlNode {
    const start = this.#at++
    const name = this.#name()
    const written: { name: string; value: string }[] = []
    const declarations = new Map<string, string>()
    for (;;) {
      this.#skip()
      if (this.#accept('/>') || this.#text[this.#at] === '>') break
      const attribute = this.#name()
      this.#skip()
      if (!this.#accept('=')) throw this.#problem(`expected '=' after the attribute ${attribute}`)
      this.#skip()
      const value = this.#quoted()
      if (written.some((one) => one.name === attribute))
        throw this.#problem(`the attribute ${attribute} stands twice`)
      written.push({ name: attribute, value })
      if (attribute === 'xmlns') declarations.set('', value)
      else if (attribute.startsWith('xmlns:')) declarations.set(attribute.slice(6), value)
    }
    const selfClosed = !this.#accept('>')
    if (parent.kind === 'root' && parent.children.some((child) => child.kind === 'element')) {
      this.#at = start
      throw this.#problem('there is a second root element')
    }
    const { prefix, localName } = splitName(name)
    const scope = makeNode({ kind: 'element', order: 0, parent, declarations })
    const namespace = namespaceOf(scope, prefix)
    if (namespace === null) throw this.#problem(`the prefix '${prefix}' is not declared`)
    const element = this.#add(parent, {
      kind: 'element',
      name,
      localName,
      namespace,
      declarations,
      selfClosed,
    })
    for (const one of written) {
      if (one.name === 'xmlns' || one.name.startsWith('xmlns:')) continue
      const parts = splitName(one.name)
      const own = parts.prefix === '' ? '' : namespaceOf(element, parts.prefix)
      if (own === null) throw this.#problem(`the prefix '${parts.prefix}' is not declared`)
      element.attributes.push(
        makeNode({
          kind: 'attribute',
          name: one.name,
          localName: parts.localName,
          namespace: own,
          value: one.value,
          parent: element,
          order: this.#order++,
        }),
      )
    }
    return element
  }

  #closing(stack: XmlNode[]): void {
    this.#at += 2
    const name = this.#name()
    this.#skip()
    if (!this.#accept('>')) throw this.#problem(`expected '>' after </${name}`)
    const open = stack.length > 1 ? stack.pop() : undefined
    if (open?.name !== name)
      throw this.#problem(`</${name}> closes ${open === undefined ? 'nothing' : `<${open.name}>`}`)
  }

  #add(parent: XmlNode, fields: Partial<XmlNode> & Pick<XmlNode, 'kind'>): XmlNode {
    const before = parent.children.at(-1)
    if (this.#mergeText && fields.kind === 'text' && before?.kind === 'text') {
      parent.children.pop()
      return this.#add(parent, { kind: 'text', value: before.value + (fields.value ?? '') })
    }
    const node = makeNode({ ...fields, parent, order: this.#order++ })
    parent.children.push(node)
    return node
  }

  #quoted(): string {
    const quote = this.#text[this.#at] ?? ''
    const end = quote === '"' || quote === "'" ? this.#text.indexOf(quote, this.#at + 1) : -1
    if (end === -1) throw this.#problem('an attribute needs a value in quotes')
    const raw = this.#text.slice(this.#at + 1, end)
    if (raw.includes('<')) throw this.#problem("an attribute's value holds '<'; write &lt;")
    this.#at = end + 1
    return this.#decode(raw.replace(/[\t\n]/g, ' '))
  }

  #decode(raw: string): string {
    return raw.replace(/&([^;]*;?)/g, (_, entity: string) => {
      const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));$/.exec(entity)
      const point = code === null ? -1 : parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16)
      const text = point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : named[entity.slice(0, -1)]
      if (text === undefined || !entity.endsWith(';'))
        throw this.#problem(`&${entity} is not known; write &amp; for &`)
      return text
    })
  }

  #until(open: string, close: string): string {
    const end = this.#text.indexOf(close, this.#at + open.length)
    if (end === -1) throw this.#problem(`${open} has no ${close}`)
    const inner = this.#text.slice(this.#at + open.length, end)
    this.#at = end + close.length
    return inner
  }

  #name(): string {
    nameText.lastIndex = this.#at
    const name = nameText.exec(this.#text)?.[0]
    if (name === undefined) throw this.#problem('expected a name')
    this.#at += name.length
    return name
  }

  #accept(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #skip(): void {
    blanks.lastIndex = this.#at
    this.#at += blanks.exec(this.#text)?.[0].length ?? 0
  }

  #problem(reason: string): Problem {
    const before = this.#text.slice(0, this.#at).split('\n')
    return new Problem(
      `the text is not XML: line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: ${reason}`,
    )
  }
}
