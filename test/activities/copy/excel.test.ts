import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import type { JsonObject } from '../../../adf/json.ts'
import { copyPlant, csv, dataset } from './copying.ts'

const spreadsheet = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'

/** A workbook of two sheets as Excel lays it out: shared strings, styles, gaps. */
async function workbook(changes: Readonly<Record<string, string | null>> = {}): Promise<Buffer> {
  const parts: Record<string, string | null> = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    'xl/workbook.xml': `<workbook xmlns="${spreadsheet}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Orders" sheetId="1" r:id="rId1"/><sheet name="Notes &amp; more" sheetId="2" r:id="rId2"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
    'xl/sharedStrings.xml': `<sst xmlns="${spreadsheet}"><si><t>id</t></si><si><t>name</t></si><si><r><t>Gr</t></r><r><t>ün</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si><si><t>at</t></si><si><t>ok</t></si></sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${spreadsheet}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy hh:mm"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${spreadsheet}"><sheetData><row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" t="s"><v>3</v></c><c r="E2" t="s"><v>4</v></c></row><row r="3"><c r="B3"><v>7</v></c><c r="C3" t="s"><v>2</v></c><c r="D3" s="2"><v>46347.395833333336</v></c><c r="E3" t="b"><v>1</v></c></row><row r="5"><c r="B5"><v>0.1</v></c><c r="C5" t="inlineStr"><is><t>in, line</t></is></c><c r="D5" s="1"><v>1</v></c></row></sheetData></worksheet>`,
    'xl/worksheets/sheet2.xml': `<worksheet xmlns="${spreadsheet}"><sheetData><row r="1"><c r="A1" t="str"><f>1+1</f><v>two</v></c></row></sheetData></worksheet>`,
    ...changes,
  }
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(parts)) if (text !== null) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  return buffer(zip.outputStream)
}

async function read(file: Buffer | string, more: JsonObject = {}): Promise<string> {
  const plant = await copyPlant()
  await plant.put('in/book.xlsx', file)
  await plant.copy(
    { source: { type: 'ExcelSource' }, sink: { type: 'DelimitedTextSink' } },
    dataset('Excel', 'in', 'book.xlsx', { firstRowAsHeader: true, ...more }),
    dataset('DelimitedText', 'out', 'book.csv', csv),
  )
  return plant.read('out/book.csv')
}

const all =
  'id,name,at,ok\r\n7,Grün,2026-11-21 09:30:00,True\r\n,,,\r\n0.1,"in, line",1899-12-31 00:00:00,\r\n'

test.each<[title: string, options: JsonObject, text: string]>([
  ['the first sheet from its first used cell, gaps kept', {}, all],
  ['a sheet by name', { sheetName: 'Notes & more', firstRowAsHeader: false }, 'Prop_0\r\ntwo\r\n'],
  ['a sheet by index', { sheetIndex: 1, firstRowAsHeader: false }, 'Prop_0\r\ntwo\r\n'],
  ['a range', { range: 'B2:C3' }, 'id,name\r\n7,Grün\r\n'],
  [
    'a range from a cell on',
    { range: 'C3', firstRowAsHeader: false },
    'Prop_0,Prop_1,Prop_2\r\nGrün,2026-11-21 09:30:00,True\r\n,,\r\n"in, line",1899-12-31 00:00:00,\r\n',
  ],
  ['texts that mean null', { range: 'B2:C3', nullValue: '7' }, 'id,name\r\n,Grün\r\n'],
])('reads %s', async (_title, options, text) => {
  expect(await read(await workbook(), options)).toBe(text)
})

test('counts days from 1904 where the workbook does', async () => {
  const changed = `<workbook xmlns="${spreadsheet}"><workbookPr date1904="1"/><sheets><sheet name="Orders" id="rId1"/></sheets></workbook>`
  expect(
    await read(await workbook({ 'xl/workbook.xml': changed }), { range: 'D5', firstRowAsHeader: false }),
  ).toContain('1904-01-02 00:00:00')
})

test.each<[title: string, file: () => Promise<Buffer | string>, options: JsonObject, message: RegExp]>([
  ['text', async () => 'no workbook', {}, /book\.xlsx/],
  [
    'a ZIP without sheets',
    () => workbook({ 'xl/workbook.xml': null }),
    {},
    /is no Excel workbook: it has no sheets/,
  ],
  [
    'a sheet that is not there',
    () => workbook(),
    { sheetName: 'Ordres' },
    /has no sheet "Ordres"; it has: Orders, Notes & more/,
  ],
  [
    'a range that is none',
    () => workbook(),
    { range: 'three' },
    /range "three" is none; it is such as A3:H5/,
  ],
  [
    'broken XML',
    () => workbook({ 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row>' }),
    {},
    /sheet1\.xml is no XML/,
  ],
])('refuses %s as bad data', async (_title, file, options, message) => {
  await expect(read(await file(), options)).rejects.toThrow(message)
})
