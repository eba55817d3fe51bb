import { DefinitionError } from '../../../adf/errors.ts'
import type { JsonValue } from '../../../adf/json.ts'
import { quoteName, quoteText } from '../../../tables/duckdb/sql.ts'
import { fileColumn, type LocalFile } from './file-format.ts'
import type { ReadStoreSettings, SelectedFile } from './select-files.ts'

/** A column that is not in the files: SQL for its value, which may read `fileColumn`. */
export interface AddedColumn {
  readonly name: string
  readonly value: (files: readonly LocalFile[]) => string
}

/** `additionalColumns` and the columns of partition folders. */
export function addedColumns(
  additional: readonly { readonly name: string; readonly value: JsonValue }[],
  settings: ReadStoreSettings,
  searched: string,
  files: readonly SelectedFile[],
): { readonly columns: readonly AddedColumn[]; readonly needsFile: boolean } {
  const partitions =
    settings.enablePartitionDiscovery === true ? partitionColumns(settings, searched, files) : []
  const given = additional.map(({ name, value }): AddedColumn => ({ name, value: valueOf(name, value) }))
  return {
    columns: [...partitions, ...given],
    needsFile: partitions.length > 0 || additional.some(({ value }) => value === '$$FILEPATH'),
  }
}

function valueOf(name: string, value: JsonValue): AddedColumn['value'] {
  if (value === '$$FILEPATH') return (files) => byFile(files, ({ relative }) => relative)
  if (typeof value === 'string' && value.startsWith('$$COLUMN:')) {
    const column = quoteName(value.slice('$$COLUMN:'.length))
    return () => `CAST(${column} AS VARCHAR)`
  }
  if (typeof value === 'string') return () => quoteText(value)
  if (value === null) return () => 'CAST(NULL AS VARCHAR)'
  if (typeof value === 'boolean') return () => quoteText(value ? 'True' : 'False')
  if (typeof value === 'number') return () => quoteText(String(value))
  throw new DefinitionError(
    `source.additionalColumns ${JSON.stringify(name)} is ${JSON.stringify(value)}; it must be text, a number, true or false`,
  )
}

/** `key=value` folders below the root become columns; a file without such a folder has a null there. */
function partitionColumns(
  settings: ReadStoreSettings,
  searched: string,
  files: readonly SelectedFile[],
): AddedColumn[] {
  const root = (settings.partitionRootPath ?? '')
    .split('/')
    .filter((part) => part !== '')
    .join('/')
  const top = root === '' ? searched : root
  const outside = files.find(({ path }) => !path.startsWith(`${top}/`))
  if (outside !== undefined && top !== '')
    throw new DefinitionError(
      `source.storeSettings.partitionRootPath is ${JSON.stringify(root)}, and ${outside.path} is not below it; it is the container with the folder below which partitions begin`,
    )
  const keys = new Set(files.flatMap(({ path }) => [...partitionsOf(path, top).keys()]))
  return [...keys].map((name) => ({
    name,
    value: (local) => byFile(local, ({ path }) => partitionsOf(path, top).get(name) ?? null),
  }))
}

function partitionsOf(path: string, top: string): Map<string, string> {
  const folders = path
    .slice(top === '' ? 0 : top.length + 1)
    .split('/')
    .slice(0, -1)
  return new Map(
    folders.flatMap((folder) => {
      const at = folder.indexOf('=')
      return at < 1 ? [] : [[folder.slice(0, at), decoded(folder.slice(at + 1))] as const]
    }),
  )
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A value for each file, by its local path; one value alone needs no look at the file. */
function byFile(files: readonly LocalFile[], value: (file: SelectedFile) => string | null): string {
  const groups = new Map<string | null, string[]>()
  for (const { path, selected } of files) {
    const key = value(selected)
    const paths = groups.get(key)
    if (paths === undefined) groups.set(key, [path])
    else paths.push(path)
  }
  const [first] = groups.keys()
  if (groups.size === 1 && first !== undefined)
    return first === null ? 'CAST(NULL AS VARCHAR)' : quoteText(first)
  const entries = [...groups].flatMap(([key, paths]) => paths.map((path) => [path, key] as const))
  const texts = entries.map(([path]) => quoteText(path)).join(', ')
  const values = entries.map(([, key]) => (key === null ? 'NULL' : quoteText(key))).join(', ')
  return `map([${texts}], [${values}])[${quoteName(fileColumn)}]`
}
