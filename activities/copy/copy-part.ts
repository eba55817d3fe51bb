import type { DuckDBConnection } from '@duckdb/node-api'
import type { RowColumn } from '../../formats/rows/row-stream.ts'
import type { DuckDb } from '../../tables/duckdb/duckdb.ts'
import type { SelectedFile } from './files/select-files.ts'
import { mapColumns, type Mapping } from './mapping.ts'
import type { OpenChoice, SinkResult, SourceRelation, TabularSink, TabularSource } from './relation.ts'
import { CopyDataError, fieldCount, firstWords, isAboutData } from './row-error.ts'
import { selectOf } from './select-of.ts'
import type { CopyProperties, SessionLog } from './session-log.ts'
import {
  brokenRows,
  firstUnfitRow,
  hasShortRows,
  recordedRows,
  recordUnfitRows,
  unfit,
  type UnfitRow,
} from './unfit-rows.ts'

/** What a tabular copy works with, whichever of its files it is at. */
export interface RowCopy {
  readonly duckdb: DuckDb
  readonly source: TabularSource
  readonly sink: TabularSink
  readonly target: readonly RowColumn[] | null
  readonly properties: CopyProperties
  readonly log: SessionLog
  readonly signal: AbortSignal
}

export interface PartResult {
  readonly relation: SourceRelation
  readonly result: SinkResult
  readonly rowsSkipped: number
}

/** Copies one file of the source, or all of it where `file` is null. */
export async function copyPart(copy: RowCopy, file: SelectedFile | null): Promise<PartResult> {
  const skipped = copy.properties.enableSkipIncompatibleRow ? await logUnfitRows(copy, file) : null
  const choice: OpenChoice = { broken: skipped === null ? 'fail' : 'skip', pad: skipped?.pad ?? false }
  const write = (more: OpenChoice): Promise<PartResult> =>
    session(copy, async (connection) => {
      const { relation, mapping } = await open(
        copy,
        connection,
        file === null ? more : { ...more, files: [file] },
      )
      const bad = skipped === null ? null : unfit(mapping)
      const { select, columns } = selectOf(mapping, bad === null ? '' : ` WHERE NOT ${bad}`)
      const result = await copy.sink.write(connection, select, columns, copy.signal, file ?? undefined)
      if (copy.properties.validateDataConsistency) await compareRowCounts(connection, select, result)
      return { relation, result, rowsSkipped: skipped?.rows ?? 0 }
    })
  try {
    return await write(choice)
  } catch (error) {
    const fields = fieldCount(error)
    // Looked for only now: filling up costs time, and most files need none.
    if (fields !== null && fields.found < fields.expected && choice.pad !== true) {
      try {
        return await write({ ...choice, pad: true })
      } catch (second) {
        throw await explained(copy, file, second)
      }
    }
    throw await explained(copy, file, error)
  }
}

/** Reads the source once more: what it gives must be what was written. */
async function compareRowCounts(
  connection: DuckDBConnection,
  select: string,
  { rowsCopied }: SinkResult,
): Promise<void> {
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM (${select})`)
  const rows = Number(counted.getRows()[0]?.[0])
  if (rows !== rowsCopied)
    throw new CopyDataError(
      'DataConsistencyValidationFailure',
      `the source gives ${rows} rows and ${rowsCopied} were written: it has changed while it was copied; copy it again`,
    )
}

function session<T>(
  { duckdb, signal }: RowCopy,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return duckdb.session(async (connection) => {
    // Files have an order, unlike tables: of their rows, and the same bytes each time.
    await connection.run('SET SESSION preserve_insertion_order = true')
    return work(connection)
  }, signal)
}

async function open(
  { source, target, properties, signal }: RowCopy,
  connection: DuckDBConnection,
  choice: OpenChoice,
): Promise<{ relation: SourceRelation; mapping: Mapping }> {
  const relation = await source.open(connection, signal, choice)
  return { relation, mapping: mapColumns(relation, properties.translator, target) }
}

/** The files of a part, one by one, so that a row has the number that it has in its file. */
function filesOf({ source }: RowCopy, file: SelectedFile | null): readonly (SelectedFile | null)[] {
  if (file !== null) return [file]
  return source.files === undefined || source.files.length === 0 ? [null] : source.files
}

/** Counts and logs the rows that are to be left out; `pad`: some rows end early, which is no reason to leave them out. */
async function logUnfitRows(
  copy: RowCopy,
  part: SelectedFile | null,
): Promise<{ rows: number; pad: boolean }> {
  let rows = 0
  let pad = false
  for (const file of filesOf(copy, part)) {
    const count = (filled: boolean): Promise<number | null> =>
      session(copy, async (connection) => {
        const base: OpenChoice = { broken: 'record', pad: filled }
        const { mapping } = await open(copy, connection, file === null ? base : { ...base, files: [file] })
        await recordUnfitRows(connection, mapping)
        if (!filled && (await hasShortRows(connection))) return null
        return (
          (await logRows(copy, file, recordedRows(connection, mapping))) +
          (await logRows(copy, file, brokenRows(connection)))
        )
      })
    const found = await count(false)
    pad ||= found === null
    rows += found ?? (await count(true)) ?? 0
  }
  return { rows, pad }
}

async function logRows(
  { log }: RowCopy,
  file: SelectedFile | null,
  found: AsyncIterable<UnfitRow>,
): Promise<number> {
  let rows = 0
  for await (const { row, isLine, text, message } of found) {
    rows += 1
    await log.add('Warning', 'TabularRowSkip', text, `${placeOf(file, row, isLine)}: ${message}`)
  }
  return rows
}

/** Names file, row, column and value where data is to blame; all else is passed on. */
async function explained(copy: RowCopy, part: SelectedFile | null, error: unknown): Promise<unknown> {
  if (copy.signal.aborted || !(error instanceof Error) || error.name === 'DataError') return error
  const fields = fieldCount(error)
  if (fields !== null) {
    const [, line] = /CSV Error on Line: (\d+)/.exec(error.message) ?? []
    const file = filesOf(copy, part).find((one) => one !== null && error.message.includes(one.path)) ?? part
    return new CopyDataError(
      fields.found > fields.expected
        ? 'DelimitedTextMoreColumnsThanDefined'
        : 'DelimitedTextColumnCountMismatch',
      `${placeOf(file, Number(line ?? 0), true)} has ${fields.found} fields and the file ${fields.expected} columns; check columnDelimiter, quoteChar and escapeChar, or set enableSkipIncompatibleRow to leave such rows out`,
      { cause: error },
    )
  }
  if (!isAboutData(error)) return error
  for (const file of filesOf(copy, part)) {
    const found = await session(copy, async (connection) => {
      const base: OpenChoice = { broken: 'skip' }
      const { mapping } = await open(copy, connection, file === null ? base : { ...base, files: [file] })
      return firstUnfitRow(connection, mapping)
    })
    if (found !== null)
      return new CopyDataError(
        'TypeConversionFailure',
        `${placeOf(file, found.row, false)}: ${found.message}; set enableSkipIncompatibleRow to leave such rows out`,
        { cause: error },
      )
  }
  return new CopyDataError('InvalidData', firstWords(error), { cause: error })
}

function placeOf(file: SelectedFile | null, row: number, isLine: boolean): string {
  return `${file === null ? 'the source' : file.path} ${isLine ? 'line' : 'row'} ${row}`
}
