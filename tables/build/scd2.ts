import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableColumn, TableContract } from '../contract.ts'
import { type DeltaField, arrayOfStruct } from '../delta/schema.ts'
import { type SqlColumn, fromFile, sqlColumn, sqlColumns, toFile } from '../duckdb/columns.ts'
import { nameList, quoteName } from '../duckdb/sql.ts'
import { DataError, DefinitionError } from '../errors.ts'
import { type Target, filesOf, targetRows } from './target.ts'

export type Scd2 = Extract<TableContract['materialization'], { type: 'scd2' }>

/**
 * Column of the files, beside the contract's: each observation that a version stands for, as (sequence, untracked columns). Only with
 * them can a late arrival split a version at the right place, whatever the order and the batches in which changes came.
 */
export const observations = '_observations'
const sequenceField = '_sequence'

/** What the parts of an scd2 table are, worked out from its contract. */
export interface Scd2Columns {
  /** What the SELECT gives. */
  readonly selected: readonly TableColumn[]
  /** Of the SELECT: neither natural key nor sequence nor tracked. */
  readonly untracked: readonly TableColumn[]
  readonly sequence: TableColumn
  readonly physical: readonly SqlColumn[]
  readonly field: DeltaField
}

/** Throws a DefinitionError where the contract lacks a column that the materialization names. */
export function scd2Columns(contract: TableContract, scd2: Scd2, contractFile: string): Scd2Columns {
  const byName = new Map(contract.columns.map((column) => [column.name, column]))
  const generated = [scd2.surrogateKey, scd2.effectiveDate, scd2.endDate, scd2.isCurrent]
  const named = [...generated, ...scd2.naturalKey, ...scd2.tracked, ...(scd2.version ? [scd2.version] : [])]
  const missing = named.filter((name) => !byName.has(name))
  if (missing.length > 0) {
    throw new DefinitionError(
      `${contractFile} materialization names ${missing.join(', ')}, which columns lack`,
    )
  }
  const made = new Set([...generated, ...(scd2.version === undefined ? [] : [scd2.version])])
  const start = byName.get(scd2.effectiveDate)
  const sequence = byName.get(scd2.sequence) ?? (start && { ...start, name: scd2.sequence })
  if (sequence === undefined || sequence.type !== start?.type) {
    throw new DefinitionError(
      `${contractFile} materialization.sequence ${scd2.sequence} must have the type of ${scd2.effectiveDate}`,
    )
  }
  const given = contract.columns.filter((column) => !made.has(column.name) || column.name === scd2.sequence)
  const selected = given.some((column) => column.name === scd2.sequence) ? given : [...given, sequence]
  const fixed = new Set([...scd2.naturalKey, ...scd2.tracked, scd2.sequence])
  const untracked = selected.filter((column) => !fixed.has(column.name))
  if (scd2.tieBreak !== undefined && !untracked.some((column) => column.name === scd2.tieBreak)) {
    throw new DefinitionError(
      `${contractFile} materialization.tieBreak ${scd2.tieBreak} must be a column of the SELECT that is not tracked`,
    )
  }
  const fields = [{ ...sequence, name: sequenceField }, ...untracked]
  // In a session as in the file: so the lists of untouched versions pass through as they are.
  const listType = `STRUCT(${fields.map((column) => `${quoteName(column.name)} ${sqlColumn(column).fileType}`).join(', ')})[]`
  const list = { name: observations, sessionType: listType, fileType: listType }
  return {
    selected: selected.map((column) =>
      scd2.naturalKey.includes(column.name) || column.name === scd2.sequence
        ? { ...column, nullable: false }
        : column,
    ),
    untracked,
    sequence,
    physical: [...sqlColumns(contract.columns), list],
    field: arrayOfStruct(observations, fields),
  }
}

/**
 * Turns the observations in `staged` into the full histories of their natural keys: `staged` becomes those histories and
 * `scope` the natural keys. Answers nothing where a key has two contents at one time; that is a DataError.
 */
export async function buildHistories(
  connection: DuckDBConnection,
  target: Target,
  scd2: Scd2,
  columns: Scd2Columns,
): Promise<void> {
  const keys = nameList(scd2.naturalKey)
  await connection.run(`
    CREATE VIEW observed AS FROM staged;
    CREATE OR REPLACE TABLE scope AS SELECT DISTINCT ${keys} FROM observed`)
  const files = await historyFiles(connection, target, scd2)
  await connection.run(`CREATE TABLE events AS ${eventsOf(target, scd2, columns, files)}`)
  await refuseContradictions(connection, target, scd2)
  await connection.run(`CREATE TABLE histories AS ${historiesOf(target, scd2, columns)}`)
  await checkHistories(connection, target, scd2)
  await connection.run('CREATE OR REPLACE VIEW staged AS FROM histories')
}

async function historyFiles(connection: DuckDBConnection, target: Target, scd2: Scd2) {
  const keyColumns = target.columns.filter((column) => scd2.naturalKey.includes(column.name))
  const rows = targetRows({ ...target, columns: keyColumns })
  return filesOf(
    connection,
    rows,
    `SELECT _file FROM (${rows.select}) SEMI JOIN scope USING (${nameList(scd2.naturalKey)})`,
  )
}

/** Observations new and known of the touched keys, ranked within (key, sequence): 1 counts, the others must agree with it. */
function eventsOf(
  target: Target,
  scd2: Scd2,
  columns: Scd2Columns,
  files: Awaited<ReturnType<typeof filesOf>>,
): string {
  const keyed = nameList([...scd2.naturalKey, ...scd2.tracked])
  const untracked = columns.untracked.map((column) => column.name)
  const sequence = quoteName(scd2.sequence)
  // A row of another writer has no observations: it stands for one at its start.
  const own = observationOf(quoteName(scd2.effectiveDate), columns)
  const read = (column: TableColumn, field: string) =>
    `${fromFile(`o.${quoteName(field)}`, sqlColumn(column).sessionType)} AS ${quoteName(column.name)}`
  const unnested = ['', ...columns.untracked.map((column) => read(column, column.name))].join(', ')
  const tie = scd2.tieBreak === undefined ? '' : `${quoteName(scd2.tieBreak)} DESC NULLS LAST, `
  const order = [...scd2.tracked, ...untracked].map((name) => `${quoteName(name)} NULLS LAST`).join(', ')
  return `
    SELECT *, row_number() OVER (PARTITION BY ${nameList(scd2.naturalKey)}, ${sequence} ORDER BY ${tie}_known DESC, ${order}) AS _rank
    FROM (
      SELECT ${nameList([...scd2.naturalKey, ...scd2.tracked])}, ${sequence}${['', ...untracked.map(quoteName)].join(', ')}, false AS _known
      FROM observed
      UNION ALL
      SELECT ${keyed}, ${read(columns.sequence, sequenceField)}${unnested}, true AS _known
      FROM (
        SELECT ${keyed}, unnest(coalesce(${observations}, [${own}])) AS o
        FROM (${targetRows(target, files).select}) SEMI JOIN scope USING (${nameList(scd2.naturalKey)})
      )
    )`
}

/** One element of `_observations`: at `sequence`, with the untracked columns of the row. */
function observationOf(sequence: string, { untracked, sequence: { type } }: Scd2Columns): string {
  const stored = (value: string, column: Pick<TableColumn, 'name' | 'type'>) =>
    toFile(value, sqlColumn(column).fileType)
  const fields = [
    `'${sequenceField}': ${stored(sequence, { name: sequenceField, type })}`,
    ...untracked.map((column) => `'${column.name}': ${stored(quoteName(column.name), column)}`),
  ]
  return `{${fields.join(', ')}}`
}

/** Two contents at one time, neither of which the tie-break prefers. */
async function refuseContradictions(connection: DuckDBConnection, target: Target, scd2: Scd2): Promise<void> {
  const same = [...scd2.naturalKey, scd2.sequence].map(
    (name) => `a.${quoteName(name)} = b.${quoteName(name)}`,
  )
  const differs = scd2.tracked.map((name) => `a.${quoteName(name)} IS DISTINCT FROM b.${quoteName(name)}`)
  const tied =
    scd2.tieBreak === undefined
      ? ''
      : ` AND a.${quoteName(scd2.tieBreak)} IS NOT DISTINCT FROM b.${quoteName(scd2.tieBreak)}`
  const shown = [...scd2.naturalKey, scd2.sequence].map(
    (name) => `'${name} ' || CAST(a.${quoteName(name)} AS VARCHAR)`,
  )
  const found = await connection.runAndReadAll(`
    SELECT DISTINCT concat_ws(', ', ${shown.join(', ')}) AS place, count(*) OVER ()
    FROM events AS a JOIN events AS b ON a._rank = 1 AND b._rank > 1 AND ${same.join(' AND ')}
    WHERE (${differs.join(' OR ')})${tied} ORDER BY place LIMIT 10`)
  const rows = found.getRows()
  if (rows.length === 0) return
  const places = rows.map(([place]) => String(place)).join('; ')
  throw new DataError(
    `${target.contract.name}: different contents at the same time, ${String(rows[0]?.[1])} of them: ${places}. Let the SELECT choose one, or name a tieBreak column`,
  )
}

function historiesOf(target: Target, scd2: Scd2, columns: Scd2Columns): string {
  const keys = nameList(scd2.naturalKey)
  const sequence = quoteName(scd2.sequence)
  const inOrder = `OVER (PARTITION BY ${keys} ORDER BY ${sequence})`
  const untracked = columns.untracked.map((column) => column.name)
  const changed = scd2.tracked.map(
    (name) => `${quoteName(name)} IS DISTINCT FROM lag(${quoteName(name)}) ${inOrder}`,
  )
  const first = [...scd2.tracked, ...untracked].map(
    (name) => `first(${quoteName(name)} ORDER BY ${sequence}) AS ${quoteName(name)}`,
  )
  const made: Record<string, string> = {
    [scd2.surrogateKey]: `hash_key(${keys}, _start)`,
    [scd2.effectiveDate]: '_start',
    [scd2.sequence]: '_start',
    [scd2.endDate]: '_end',
    [scd2.isCurrent]: '_end IS NULL',
    ...(scd2.version !== undefined && { [scd2.version]: '_version' }),
  }
  const picked = target.columns.map(({ name, sessionType }) => {
    return `CAST(${made[name] ?? quoteName(name)} AS ${sessionType}) AS ${quoteName(name)}`
  })
  return `
    WITH kept AS (SELECT * FROM events WHERE _rank = 1),
    marked AS (SELECT *, CAST(row_number() ${inOrder} = 1 OR ${changed.join(' OR ')} AS INTEGER) AS _starts FROM kept),
    numbered AS (SELECT *, sum(_starts) ${inOrder} AS _version FROM marked),
    versions AS (
      SELECT ${keys}, _version, min(${sequence}) AS _start, ${first.join(', ')}, list(${observationOf(sequence, columns)} ORDER BY ${sequence}) AS ${observations}
      FROM numbered GROUP BY ${keys}, _version
    ),
    bounded AS (SELECT *, lead(_start) OVER (PARTITION BY ${keys} ORDER BY _start) AS _end FROM versions)
    SELECT ${picked.join(', ')} FROM bounded`
}

/** One current version a key, its last; each version ends where the next begins. A failure is a fault of this program. */
async function checkHistories(connection: DuckDBConnection, target: Target, scd2: Scd2): Promise<void> {
  const keys = nameList(scd2.naturalKey)
  const [start, end, current] = [scd2.effectiveDate, scd2.endDate, scd2.isCurrent].map(quoteName)
  const found = await connection.runAndReadAll(`
    SELECT count(*) FROM (
      SELECT count(*) FILTER (WHERE ${current}) AS currents, bool_and(fits) AS fit FROM (
        SELECT *, ${end} IS NOT DISTINCT FROM lead(${start}) OVER (PARTITION BY ${keys} ORDER BY ${start})
          AND ${current} = (${end} IS NULL) AND (${end} IS NULL OR ${end} > ${start}) AS fits
        FROM histories
      ) GROUP BY ${keys}
    ) WHERE currents <> 1 OR NOT fit`)
  const broken = Number(found.getRows()[0]?.[0])
  if (broken > 0)
    throw new Error(
      `${target.contract.name}: ${broken} histories overlap or have a gap; nothing was committed`,
    )
}
