import { DataError } from '../data-error.ts'
import type { ByteSource } from '../zip/byte-source.ts'
import { type ZipEntry, ZipReader } from '../zip/zip-reader.ts'
import { type XmlEvent, xmlEvents } from './xml-events.ts'

/** An .xlsx file: parts of XML in a ZIP (ECMA-376). */
export interface Workbook {
  /** In the order of their tabs; `part` is the path of the sheet's XML. */
  readonly sheets: readonly { readonly name: string; readonly part: string }[]
  /** Days of the workbook count from 1904 instead of 1900. */
  readonly from1904: boolean
  /** Events of a part, in batches; nothing where the workbook has no such part. */
  read(part: string): AsyncIterable<XmlEvent[]>
  close(): void
}

/** Throws a DataError where the source is no workbook. Old .xls files are none. */
export async function openWorkbook(source: ByteSource, name: string): Promise<Workbook> {
  const zip = await ZipReader.open(source, name)
  const entries = new Map<string, ZipEntry>()
  for await (const entry of zip.entries()) entries.set(entry.path, entry)
  const read = (part: string): AsyncIterable<XmlEvent[]> => {
    const entry = entries.get(part)
    return entry === undefined ? nothing() : xmlEvents(zip.read(entry), `${name}: ${part}`)
  }
  const targets = new Map<string, string>()
  for await (const event of flat(read('xl/_rels/workbook.xml.rels')))
    if (event.kind === 'open' && event.name === 'Relationship')
      targets.set(event.attributes['Id'] ?? '', partOf(event.attributes['Target'] ?? ''))
  const sheets: { name: string; part: string }[] = []
  let from1904 = false
  for await (const event of flat(read('xl/workbook.xml'))) {
    if (event.kind !== 'open') continue
    if (event.name === 'workbookPr') from1904 = /^(1|true)$/.test(event.attributes['date1904'] ?? '')
    if (event.name === 'sheet')
      sheets.push({
        name: event.attributes['name'] ?? '',
        part: targets.get(event.attributes['id'] ?? '') ?? '',
      })
  }
  if (sheets.length === 0) throw new DataError(`${name} is no Excel workbook: it has no sheets`)
  return { sheets, from1904, read, close: () => zip.close() }
}

export async function* flat(batches: AsyncIterable<readonly XmlEvent[]>): AsyncGenerator<XmlEvent> {
  for await (const batch of batches) yield* batch
}

/** Targets are relative to `xl/`, or absolute in the package. */
function partOf(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`
}

async function* nothing(): AsyncGenerator<XmlEvent[]> {}
