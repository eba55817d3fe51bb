import type { DuckDBConnection } from '@duckdb/node-api'
import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { copySinkTypes } from '../../../adf/activity/copy/sink-types.ts'
import { DefinitionError } from '../../../adf/errors.ts'
import { quoteText } from '../../../tables/duckdb/sql.ts'
import { datasetPlace, storePath } from '../../dataset-place.ts'
import type { SinkMaker, TabularSink } from '../relation.ts'
import { compress } from './compression.ts'
import { parsePart } from './dataset-properties.ts'
import { automaticName, checkDistinct, nameFor, partName } from './file-names.ts'
import type { FileWriter } from './file-writer.ts'
import type { SelectedFile } from './select-files.ts'
import { encodeText, isUtf8 } from './text-encoding.ts'

type TabularFileSink = 'DelimitedTextSink' | 'JsonSink' | 'ParquetSink'

/** Sink of files of one format. Files are written aside and get their names when they are complete. */
export function fileSink(type: TabularFileSink, writer: FileWriter): SinkMaker {
  return async ({ settings, dataset, store, invocation, otherType }): Promise<TabularSink> => {
    if (store.kind !== 'files')
      throw new DefinitionError(
        `${type} writes files, and linked service '${dataset.linkedService.name}' (${dataset.linkedService.type}) is a database`,
      )
    if (dataset.type.toLowerCase() !== writer.datasetType.toLowerCase())
      throw new DefinitionError(
        `${type} writes a dataset of type ${writer.datasetType}; '${dataset.name}' is of type ${dataset.type}`,
      )
    const sink = parsePart(copySinkTypes[type], settings, 'sink')
    const formatSettings = sink.formatSettings ?? {}
    const place = datasetPlace(dataset)
    const folder = storePath(place.container, place.folder)
    const behavior = sink.storeSettings?.copyBehavior ?? 'PreserveHierarchy'
    const compression = writer.compression(dataset.typeProperties)
    const encoding = writer.encoding(dataset.typeProperties)
    const extension = writer.extension(dataset.typeProperties, settingsOf(formatSettings))
    const limit = formatSettings.maxRowsPerFile ?? null
    const names = new Map<string, string>()

    const nameOf = (file: SelectedFile | undefined): string => {
      if (place.file !== null) return place.file
      if (file === undefined || behavior === 'MergeFiles') return `${automaticName(invocation)}${extension}`
      return nameFor(file, behavior, extension, invocation)
    }

    /** Compresses and encodes a finished file where the dataset says so, and returns where it lies then. */
    const finished = async (file: string, signal: AbortSignal): Promise<string> => {
      const encode = encoding !== null && !isUtf8(encoding)
      if (compression === null && !encode) return file
      const target = `${file}-packed`
      const steps = [
        ...(encode && encoding !== null ? [encodeText(encoding)] : []),
        ...(compression === null ? [] : [compress(compression.codec, compression.fast)]),
      ]
      await pipeline([createReadStream(file), ...steps, createWriteStream(target)], { signal })
      await rm(file)
      return target
    }

    return {
      fileByFile: behavior !== 'MergeFiles' && otherType !== '',
      async write(connection, select, columns, signal, file) {
        const scratch = join(await store.scratch(), randomUUID())
        const made: string[] = []
        const statement = (rows: string, target: string): string => {
          made.push(target, `${target}-packed`)
          return writer.statement({
            select: rows,
            columns,
            dataset: dataset.typeProperties,
            formatSettings: settingsOf(formatSettings),
            file: target,
          })
        }
        try {
          const written: { file: string; name: string }[] = []
          let rowsCopied = 0
          if (limit === null) {
            const name = nameOf(file)
            if (file !== undefined) checkDistinct(names, name, file.path)
            if (file !== undefined) names.set(name, file.path)
            rowsCopied = await run(connection, statement(select, scratch))
            written.push({ file: await finished(scratch, signal), name })
          } else {
            const prefix = formatSettings.fileNamePrefix ?? automaticName(invocation, file?.path)
            const staged = `${scratch}-rows`
            made.push(staged)
            rowsCopied = await run(connection, `COPY (${select}) TO ${quoteText(staged)} (FORMAT parquet)`)
            const rows = (from: number): string =>
              `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${quoteText(staged)}, file_row_number = true) WHERE file_row_number >= ${from} AND file_row_number < ${from + limit}`
            for (let index = 0; index === 0 || index * limit < rowsCopied; index += 1) {
              const target = `${scratch}-${index}`
              await run(connection, statement(rows(index * limit), target))
              written.push({ file: await finished(target, signal), name: partName(prefix, index, extension) })
            }
          }
          signal.throwIfAborted()
          let dataWritten = 0
          for (const one of written) {
            dataWritten += (await stat(one.file)).size
            await store.writeFromFile(storePath(folder, one.name), one.file)
          }
          return { rowsCopied, dataWritten, filesWritten: written.length }
        } finally {
          for (const path of made) await rm(path, { force: true })
        }
      },
    }
  }
}

async function run(connection: DuckDBConnection, statement: string): Promise<number> {
  const result = await connection.runAndReadAll(statement)
  return Number(result.getRows()[0]?.[0] ?? 0)
}

function settingsOf(settings: object): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(settings).filter(
      (entry): entry is [string, string | number | boolean] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'number' || typeof entry[1] === 'boolean',
    ),
  )
}
