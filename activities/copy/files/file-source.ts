import {
  copySourceTypes,
  type CopySourceType,
  type SqlSourceType,
} from '../../../adf/activity/copy/source-types.ts'
import { DefinitionError } from '../../../adf/errors.ts'
import type { JsonObject } from '../../../adf/json.ts'
import { quoteName } from '../../../tables/duckdb/sql.ts'
import { datasetPlace } from '../../dataset-place.ts'
import type { SourceMaker, TabularSource } from '../relation.ts'
import { addedColumns } from './added-columns.ts'
import { parsePart } from './dataset-properties.ts'
import type { FileFormat } from './file-format.ts'
import { LocalCopies } from './local-copies.ts'
import { isOneFile, searchedFolder, selectFiles, type SelectedFile } from './select-files.ts'

type TabularFileSource = Exclude<
  CopySourceType,
  'BinarySource' | 'RestSource' | 'AzureDatabricksDeltaLakeSource' | SqlSourceType
>

/** Source of files of one format: which files, where they are read, and what columns come besides their own. */
export function fileSource(type: TabularFileSource, format: FileFormat): SourceMaker {
  return async ({ settings, dataset, store, signal }): Promise<TabularSource> => {
    if (store.kind !== 'files')
      throw new DefinitionError(
        `${type} reads files, and linked service '${dataset.linkedService.name}' (${dataset.linkedService.type}) is a database`,
      )
    if (dataset.type.toLowerCase() !== format.datasetType.toLowerCase())
      throw new DefinitionError(
        `${type} reads a dataset of type ${format.datasetType}; '${dataset.name}' is of type ${dataset.type}`,
      )
    const source = parsePart(copySourceTypes[type], settings, 'source')
    const storeSettings = source.storeSettings ?? {}
    const place = datasetPlace(dataset)
    const folder = searchedFolder(place, storeSettings)
    const files: SelectedFile[] = []
    for await (const file of selectFiles(store, place, storeSettings)) {
      signal.throwIfAborted()
      files.push(file)
    }
    if (files.length === 0 && isOneFile(place, storeSettings) === false)
      throw new DefinitionError(
        `No file of dataset '${dataset.name}' is below ${folder === '' ? 'the store' : folder} that storeSettings ${JSON.stringify(source.storeSettings ?? {})} mean`,
      )
    const copies = new LocalCopies(store, {
      compression: format.compression(dataset.typeProperties),
      encoding: format.encoding(dataset.typeProperties),
    })
    const added = addedColumns(source.additionalColumns ?? [], storeSettings, folder, files)
    return {
      files,
      async open(connection, _signal, { files: only = files, broken = 'fail', pad = false } = {}) {
        const local = await copies.of(only, signal)
        const formatSettings: JsonObject = isObject(source.formatSettings) ? source.formatSettings : {}
        const relation = await format.open(dataset.typeProperties, {
          connection,
          files: local,
          formatSettings,
          broken,
          pad,
          withFile: added.needsFile,
          signal,
        })
        const dataRead = only.some(({ size }) => size === null)
          ? null
          : only.reduce((sum, { size }) => sum + (size ?? 0), 0)
        if (added.columns.length === 0) return { ...relation, filesRead: only.length, dataRead }
        const own = relation.columns.filter(({ name }) => !added.columns.some((one) => one.name === name))
        const picked = [
          ...own.map(({ name }) => quoteName(name)),
          ...added.columns.map(({ name, value }) => `${value(local)} AS ${quoteName(name)}`),
        ]
        return {
          from: `(SELECT ${picked.join(', ')} FROM ${relation.from})`,
          columns: [...own, ...added.columns.map(({ name }) => ({ name, type: 'string' as const }))],
          filesRead: only.length,
          dataRead,
        }
      },
      async finish() {
        if (storeSettings.deleteFilesAfterCompletion !== true) return
        for (const { path } of files) {
          signal.throwIfAborted()
          await store.delete(path)
        }
      },
      close: () => copies.close(),
    }
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
