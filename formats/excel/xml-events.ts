import { SaxesParser } from 'saxes'
import { DataError } from '../data-error.ts'

export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly name: string }

/**
 * Events of an XML part as its bytes come; names without their prefix. Entities of a document type are not read, so that none can explode.
 * Throws a DataError where it is no XML.
 */
export async function* xmlEvents(bytes: AsyncIterable<Buffer>, part: string): AsyncGenerator<XmlEvent[]> {
  const parser = new SaxesParser()
  let events: XmlEvent[] = []
  let failure: Error | null = null
  parser.on('opentag', ({ name, attributes }) => {
    events.push({
      kind: 'open',
      name: local(name),
      attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [local(key), value])),
    })
  })
  parser.on('text', (text) => events.push({ kind: 'text', text }))
  parser.on('cdata', (text) => events.push({ kind: 'text', text }))
  parser.on('closetag', ({ name }) => events.push({ kind: 'close', name: local(name) }))
  parser.on('error', (error) => (failure ??= error))
  const decoder = new TextDecoder()
  const check = (): void => {
    if (failure !== null) throw new DataError(`${part} is no XML: ${failure.message}`, { cause: failure })
  }
  for await (const chunk of bytes) {
    parser.write(decoder.decode(chunk, { stream: true }))
    check()
    yield events
    events = []
  }
  parser.write(decoder.decode()).close()
  check()
  yield events
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
