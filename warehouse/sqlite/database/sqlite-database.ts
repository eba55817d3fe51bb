import type { RowStream } from '../../../formats/rows/row-stream.ts'
import type { Database, DatabaseCall, DatabaseWriteInput } from '../../database.ts'
import { quoted } from '../tsql/tokens.ts'
import type { Batch, SessionStart, Source } from './protocol.ts'
import type { Session } from './session.ts'
import { openSession } from './session.ts'
import { nameInFile } from './table-columns.ts'

/** Sessions that wait for the next call: each is a thread with an open file. */
const idleLimit = 2

/**
 * A database in one SQLite file. With `tsql` it stands in for a SQL Server: SQL is rewritten, schemas are parts of table names, procedures come from the
 * factory. The file is made when it is first written to or read. See docs/internals/stores.md.
 */
export function openSqliteDatabase(start: SessionStart): Database {
  const idle: Session[] = []
  const all = new Set<Session>()

  const take = (): Session => {
    for (let session = idle.pop(); session !== undefined; session = idle.pop())
      if (session.isOpen) return session
    const session = openSession(start)
    all.add(session)
    return session
  }
  const giveBack = async (session: Session): Promise<void> => {
    if (session.isOpen && idle.length < idleLimit) idle.push(session)
    else {
      all.delete(session)
      await session.close()
    }
  }
  const using = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const session = take()
    try {
      return await work(session)
    } finally {
      await giveBack(session)
    }
  }
  const query = async (source: Source, call: DatabaseCall): Promise<RowStream> => {
    const session = take()
    try {
      const columns = await session.call('query', { ...source, ...asked(call) }, call.signal)
      return { columns, batches: readAll(session, call.signal, giveBack) }
    } catch (error) {
      await giveBack(session)
      throw error
    }
  }
  const script = (source: Source, call: DatabaseCall) =>
    using((session) => session.call('script', { ...source, ...asked(call) }, call.signal))

  return {
    kind: 'database',
    columns: (table) => using((session) => session.call('columns', { table })),
    query: (text, call) => query({ text }, call),
    queryProcedure: (procedure, call) => query({ procedure }, call),
    script: (text, call) => script({ text }, call),
    callProcedure: (procedure, call) => script({ procedure }, call),
    write: (input) => using((session) => writeAll(session, input)),
    selectAll: (table, condition) =>
      `SELECT * FROM ${quoted(nameInFile(table))}${condition === null ? '' : ` WHERE ${condition}`}`,
    quote: quoted,
    async close() {
      await Promise.all([...all].map((session) => session.close()))
      all.clear()
      idle.length = 0
    },
  }
}

function asked({ parameters, procedures, once }: DatabaseCall) {
  return { parameters, procedures, once }
}

async function* readAll(
  session: Session,
  signal: AbortSignal,
  giveBack: (session: Session) => Promise<void>,
): AsyncGenerator<Batch> {
  let isDone = false
  try {
    for (;;) {
      const batch = await session.call('next', {}, signal)
      if (batch === null) break
      yield batch
    }
    isDone = true
  } finally {
    // A reader that stopped early leaves an open statement behind, which ends with the thread.
    if (isDone) await giveBack(session)
    else await session.close()
  }
}

async function writeAll(session: Session, input: DatabaseWriteInput): Promise<{ rowsWritten: number }> {
  const { rows, signal, table, write, before, procedures, createTable, once } = input
  try {
    const done = await session.call(
      'begin',
      { table, columns: rows.columns, write, before, procedures, createTable, once },
      signal,
    )
    if (done !== null) return { rowsWritten: done }
    for await (const batch of rows.batches) await session.call('rows', { rows: batch }, signal)
    return { rowsWritten: await session.call('end', {}, signal) }
  } catch (error) {
    // Ends the transaction, whoever failed.
    await session.close()
    throw error
  }
}
