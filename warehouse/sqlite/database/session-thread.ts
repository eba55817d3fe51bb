import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { constants, DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { RowColumn } from '../../../formats/rows/row-stream.ts'
import type { ScriptResult } from '../../database.ts'
import { DefinitionError } from '../../errors.ts'
import { defineFunctions } from '../tsql/functions.ts'
import { quoted } from '../tsql/tokens.ts'
import { note, noted } from './ledger.ts'
import type { Batch, SessionCall, SessionCalls, SessionReply, SessionStart } from './protocol.ts'
import { refusal } from './refusal.ts'
import { resultColumns } from './result-columns.ts'
import type { Reading } from './runner.ts'
import { rowsOf, Runner } from './runner.ts'
import { nameInFile, tableColumns } from './table-columns.ts'
import { readValue } from './values.ts'
import { Writer } from './writer.ts'

/**
 * The thread of one session: SQLite works inside the calling thread, and a long query there would stop heartbeats. Answers calls one by one. Ending
 * the thread rolls back what is not committed.
 */
const lockPatienceMs = 60_000
const rowsABatch = 1000

const start: SessionStart = workerData
const database = openFile(start.file)
let now = Date.now()
defineFunctions(database, () => now)
let reading: Generator<Batch> | null = null
let writing: { readonly writer: Writer; readonly once: string } | null = null

const answers: { [K in keyof SessionCalls]: (ask: SessionCalls[K]['ask']) => SessionCalls[K]['answer'] } = {
  columns({ table }) {
    const found = tableColumns(database, nameInFile(table))
    return found?.map(({ name, declared }): RowColumn => ({ name, type: declared?.type ?? 'string' })) ?? null
  },
  query: openQuery,
  next() {
    const batch = reading?.next()
    if (batch?.done === false) return batch.value
    endReading()
    return null
  },
  script: runScript,
  begin(input) {
    database.exec('BEGIN IMMEDIATE')
    const before = noted(database, input.once)
    if (before !== undefined) {
      database.exec('ROLLBACK')
      return Number(before)
    }
    writing = { writer: new Writer(database, start, input), once: input.once }
    return null
  },
  rows({ rows }) {
    writing?.writer.rows(rows)
    return null
  },
  end() {
    if (writing === null) throw new TypeError('no write was begun')
    const written = writing.writer.end()
    note(database, writing.once, written)
    database.exec('COMMIT')
    reset()
    return written
  },
}

parentPort?.on('message', (message: SessionCall) => {
  now = Date.now()
  parentPort?.postMessage(reply(message))
})

function reply(message: SessionCall): SessionReply {
  try {
    return { answer: answer(message) }
  } catch (thrown) {
    reset()
    const { name, message: text, stack } = refusal(thrown, '')
    return { error: { name, message: text.replace(/; in: $/, ''), stack } }
  }
}

function answer({ call, ask }: SessionCall): unknown {
  // One table of functions, so each call meets the function of its own name.
  const work: (ask: never) => unknown = answers[call]
  return work(ask as never)
}

function openFile(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true })
  const opened = new DatabaseSync(file, { timeout: lockPatienceMs })
  opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  // SQL comes from pipelines: it must not reach other files.
  opened.setAuthorizer((action) =>
    action === constants.SQLITE_ATTACH || action === constants.SQLITE_DETACH
      ? constants.SQLITE_DENY
      : constants.SQLITE_OK,
  )
  return opened
}

function openQuery(ask: SessionCalls['query']['ask']): readonly RowColumn[] {
  const runner = new Runner(database, start, ask.procedures)
  const { statements, scope } = runner.prepare(ask, ask.parameters)
  const last = statements.at(-1)
  if (runner.changes(statements) || last?.kind !== 'sql') return buffered(runScript(ask))
  database.exec('BEGIN')
  runner.run(statements.slice(0, -1), scope)
  const result = runner.reading(last.tokens, scope)
  if (runner.resultSets.length > 0) throw oneResult(runner.resultSets.length + 1)
  const rows = rowsOf(result.statement, result.values)
  const first = take(rows, rowsABatch, result)
  const columns = resultColumns(result.statement, first)
  reading = (function* () {
    for (let batch = first; batch.length > 0; batch = take(rows, rowsABatch, result))
      yield batch.map((row) => columns.map((column, index) => readValue(row[index] ?? null, column)))
  })()
  return columns.map(({ name, type }) => ({ name, type }))
}

function take(
  rows: Generator<ReturnType<typeof rowsOf> extends Generator<infer R> ? R : never>,
  count: number,
  { text }: Reading,
) {
  const batch = []
  try {
    while (batch.length < count) {
      const next = rows.next()
      if (next.done === true) break
      batch.push(next.value)
    }
  } catch (error) {
    throw refusal(error, text)
  }
  return batch
}

/** What was written may be read only when it is committed: such a result is held whole. */
function buffered({ resultSets }: ScriptResult): readonly RowColumn[] {
  const [result] = resultSets
  if (result === undefined || resultSets.length > 1) throw oneResult(resultSets.length)
  reading = (function* () {
    for (let at = 0; at < result.rows.length; at += rowsABatch) yield result.rows.slice(at, at + rowsABatch)
  })()
  return result.columns
}

function oneResult(count: number): DefinitionError {
  return new DefinitionError(
    `the query gives ${count === 0 ? 'no result set' : `${count} result sets`}; it must give exactly one: end it with one SELECT`,
  )
}

function runScript(ask: SessionCalls['script']['ask']): ScriptResult {
  const runner = new Runner(database, start, ask.procedures)
  const { statements, scope } = runner.prepare(ask, ask.parameters)
  const isChange = runner.changes(statements)
  database.exec(isChange ? 'BEGIN IMMEDIATE' : 'BEGIN')
  const before = isChange ? noted(database, ask.once) : undefined
  if (before !== undefined) {
    reset()
    // Written by this function under this key.
    return before as ScriptResult
  }
  runner.run(statements, scope)
  const result = runner.result(ask.parameters, scope)
  if (isChange) note(database, ask.once, result)
  database.exec('COMMIT')
  reset()
  return result
}

function endReading(): void {
  reading?.return(undefined)
  reading = null
  reset()
}

/** Leaves nothing of a call behind: no transaction, no temporary table. */
function reset(): void {
  reading = null
  writing = null
  if (database.isTransaction) database.exec('ROLLBACK')
  const temporary = database.prepare("SELECT name FROM temp.sqlite_schema WHERE type = 'table'").all()
  for (const { name } of temporary) database.exec(`DROP TABLE temp.${quoted(String(name))}`)
}
