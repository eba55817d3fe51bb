import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { fileDatasetTypes } from '../../../adf/resource/file-formats.ts'
import { readExcel } from '../../../formats/excel/read-excel.ts'
import type { ByteSource } from '../../../formats/zip/byte-source.ts'
import { parsePart } from './dataset-properties.ts'
import { stagedFormat } from './staged-format.ts'

export const excelFormat = stagedFormat(
  'Excel',
  (dataset) => parsePart(fileDatasetTypes.Excel, dataset, 'dataset typeProperties').compression?.type ?? null,
  async ({ path, selected }, dataset) => {
    const { sheetName, sheetIndex, range, firstRowAsHeader, nullValue } = parsePart(
      fileDatasetTypes.Excel,
      dataset,
      'dataset typeProperties',
    )
    return readExcel(await sourceOf(path), selected.relative, {
      sheet: sheetName ?? sheetIndex ?? null,
      range: range ?? null,
      firstRowAsHeader,
      nullValue,
    })
  },
)

async function sourceOf(path: string): Promise<ByteSource> {
  const { size } = await stat(path)
  return {
    size,
    read: async (start, end) => createReadStream(path, { start, end: Math.max(start, end - 1) }),
  }
}
