import type { Translator } from '../../adf/activity/copy/translator.ts'
import { DefinitionError } from '../../adf/errors.ts'
import type { RowColumn, RowType } from '../../formats/rows/row-stream.ts'
import { quoteName } from '../../tables/duckdb/sql.ts'
import { conversion, type SqlType, sqlTypeOf, typeOfName } from './conversion.ts'
import { columnOfPath, pathExpression, parsePath } from './json-path.ts'
import type { SourceRelation } from './relation.ts'

/** A column of the sink: what it is made of. */
export interface MappedColumn {
  readonly name: string
  /** Inside a JSON document: names from the top. */
  readonly path: readonly string[]
  readonly type: RowType
  /** For messages: what the value is taken from. */
  readonly source: string
  /** For messages: what it is converted into. */
  readonly typeName: string
  /** SQL over the relation: the value before it is converted, and after; `attempt` gives NULL where that cannot be. */
  readonly plain: string
  readonly value: string
  readonly attempt: string
  /** Whether some value may not be convertible. */
  readonly fallible: boolean
}

export interface Mapping {
  /** What stands after FROM: the source, crossed with the collection where there is one. */
  readonly from: string
  readonly columns: readonly MappedColumn[]
}

/**
 * The columns that a copy writes. `target`: columns that the sink has, into whose types values are converted; null: it takes what comes.
 * Without a translator columns go by name, case-sensitive; text without a header goes by position into a sink that has columns.
 */
export function mapColumns(
  relation: SourceRelation,
  translator: Translator | undefined,
  target: readonly RowColumn[] | null,
): Mapping {
  const crossed = crossApply(relation, translator?.collectionReference)
  const given = explicit(translator)
  const settings = translator?.typeConversionSettings ?? {}
  const rows: Row[] = given ?? byName(relation.columns, target)
  const columns = rows.map((row): MappedColumn => {
    const { raw, type: sourceType, label } = sourceOf(row, relation.columns, crossed)
    const sink = sinkOf(row, target, label)
    const wanted = wantedType(row, sink, sourceType, translator)
    const converted = conversion(raw, sourceType, wanted, {
      ...settings,
      format: row.format,
      complexToString: translator?.mapComplexValuesToString ?? false,
    })
    return {
      name: sink.name,
      path: sink.path,
      type: wanted.row,
      source: label,
      typeName: wanted.sql ?? wanted.row,
      ...converted,
    }
  })
  const twice = columns.find(({ path }, index) =>
    columns.slice(0, index).some((other) => other.path.join('\0') === path.join('\0')),
  )
  if (twice !== undefined)
    throw new DefinitionError(
      `translator maps two columns to ${JSON.stringify(twice.path.join('.'))}; each name of the sink may stand once`,
    )
  if (columns.length === 0) throw new DefinitionError('nothing is mapped: the source has no column')
  return { from: crossed.from, columns }
}

interface Row {
  readonly source: {
    readonly name?: string | undefined
    readonly ordinal?: number | undefined
    readonly path?: string | undefined
  }
  readonly sink: {
    readonly name?: string | undefined
    readonly ordinal?: number | undefined
    readonly path?: string | undefined
  }
  readonly type?: string | undefined
  readonly format?: string | undefined
}

function explicit(translator: Translator | undefined): Row[] | null {
  if (translator === undefined) return null
  const { mappings, columnMappings, schemaMapping } = translator
  if (mappings !== undefined && mappings.length > 0)
    return mappings.map(({ source, sink }) => ({
      source,
      sink,
      type: sink.type ?? source.type,
      format: source.format ?? sink.format,
    }))
  if (columnMappings !== undefined && columnMappings !== '') {
    const pairs =
      typeof columnMappings === 'string'
        ? columnMappings.split(',').map((pair) => pair.split(':').map((name) => name.trim()))
        : Object.entries(columnMappings)
    return pairs.map(([source, sink]) => {
      if (typeof source !== 'string' || typeof sink !== 'string' || source === '' || sink === '')
        throw new DefinitionError(
          `translator.columnMappings is ${JSON.stringify(columnMappings)}; it must be pairs "source: sink" with a comma between them, or a map`,
        )
      return { source: { name: source }, sink: { name: sink } }
    })
  }
  if (schemaMapping !== undefined)
    return Object.entries(schemaMapping).map(([source, sink]) => {
      if (typeof sink !== 'string')
        throw new DefinitionError(
          `translator.schemaMapping.${source} must be text; it is ${JSON.stringify(sink)}`,
        )
      // Paths begin with `$`; the side that has one is the document.
      const end = (text: string) => (text.startsWith('$') ? { path: text } : { name: text })
      return { source: end(source), sink: end(sink) }
    })
  return null
}

function byName(columns: readonly RowColumn[], target: readonly RowColumn[] | null): Row[] {
  if (target === null) return columns.map(({ name }) => ({ source: { name }, sink: { name } }))
  const unknown = columns.find(({ name }) => !target.some((one) => one.name === name))
  if (unknown !== undefined)
    throw new DefinitionError(
      `column ${JSON.stringify(unknown.name)} of the source is not in the sink, which has: ${target.map(({ name }) => name).join(', ')}. Names are compared case-sensitively; map others by translator.mappings`,
    )
  return columns.map(({ name }) => ({ source: { name }, sink: { name } }))
}

interface Crossed {
  readonly from: string
  /** Path of the collection, whose elements are in the column `element`; null: none. */
  readonly collection: readonly (string | number)[] | null
}

const element = '"collection element"'

/** A row for each element of an array; a row whose array is missing or empty gives none, as in ADF. */
function crossApply(relation: SourceRelation, reference: string | undefined): Crossed {
  if (reference === undefined || reference === '') return { from: relation.from, collection: null }
  const collection = parsePath(reference, 'translator.collectionReference')
  const array = columnOfPath(collection, relation.columns, 'translator.collectionReference')
  const from = `(SELECT *, unnest(from_json(CAST(${array} AS JSON), '["JSON"]')) AS ${element} FROM ${relation.from})`
  return { from, collection }
}

function sourceOf(
  { source }: Row,
  columns: readonly RowColumn[],
  { collection }: Crossed,
): { raw: string; type: RowType; label: string } {
  const names = (): string => columns.map(({ name }) => name).join(', ') || 'none'
  if (source.path !== undefined && source.path !== '') {
    const path = parsePath(source.path, 'translator.mappings source.path')
    if (!source.path.startsWith('$') && collection !== null)
      return { raw: pathExpression(element, path), type: 'json', label: source.path }
    const inCollection =
      collection !== null &&
      path.length > collection.length &&
      collection.every((part, index) => path[index] === part)
    if (inCollection)
      return { raw: pathExpression(element, path.slice(collection.length)), type: 'json', label: source.path }
    const [first] = path
    const plain = path.length === 1 ? columns.find(({ name }) => name === first) : undefined
    if (plain !== undefined) return { raw: quoteName(plain.name), type: plain.type, label: source.path }
    return {
      raw: columnOfPath(path, columns, `translator.mappings source.path`, true),
      type: 'json',
      label: source.path,
    }
  }
  if (source.name !== undefined && source.name !== '') {
    const found = columns.find(({ name }) => name === source.name)
    if (found === undefined)
      throw new DefinitionError(
        `translator maps column ${JSON.stringify(source.name)}, which the source does not have; it has: ${names()}`,
      )
    return { raw: quoteName(found.name), type: found.type, label: found.name }
  }
  if (source.ordinal !== undefined) {
    const found = columns[source.ordinal - 1]
    if (found === undefined)
      throw new DefinitionError(
        `translator maps column ${source.ordinal}, and the source has ${columns.length} columns: ${names()}`,
      )
    return { raw: quoteName(found.name), type: found.type, label: found.name }
  }
  throw new DefinitionError('each source of translator.mappings needs a name, an ordinal or a path')
}

function sinkOf(
  { sink }: Row,
  target: readonly RowColumn[] | null,
  label: string,
): { name: string; path: readonly string[]; type: RowType | null } {
  if (sink.path !== undefined && sink.path !== '') {
    const path = parsePath(sink.path, 'translator.mappings sink.path').map(String)
    return { name: path.at(-1) ?? label, path, type: null }
  }
  if (sink.name !== undefined && sink.name !== '') {
    const found =
      target?.find(({ name }) => name === sink.name) ??
      target?.find(({ name }) => name.toLowerCase() === sink.name?.toLowerCase())
    if (target !== null && found === undefined)
      throw new DefinitionError(
        `translator maps to column ${JSON.stringify(sink.name)}, which the sink does not have; it has: ${target.map(({ name }) => name).join(', ')}`,
      )
    const name = found?.name ?? sink.name
    return { name, path: [name], type: found?.type ?? null }
  }
  if (sink.ordinal !== undefined && target !== null) {
    const found = target[sink.ordinal - 1]
    if (found === undefined)
      throw new DefinitionError(
        `translator maps to column ${sink.ordinal}, and the sink has ${target.length} columns`,
      )
    return { name: found.name, path: [found.name], type: found.type }
  }
  const name = label.startsWith('$')
    ? String(parsePath(label, 'translator.mappings source.path').at(-1) ?? label)
    : label
  return { name, path: [name], type: target?.find((one) => one.name === name)?.type ?? null }
}

function wantedType(
  row: Row,
  sink: { readonly type: RowType | null },
  sourceType: RowType,
  translator: Translator | undefined,
): SqlType {
  if (sink.type !== null) return sqlTypeOf(sink.type)
  if (row.type !== undefined && translator?.typeConversion !== false) {
    const named = typeOfName(row.type)
    if (named !== null) return named
  }
  return { row: sourceType, sql: null }
}
