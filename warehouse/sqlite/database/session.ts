import { Worker } from 'node:worker_threads'
import { DataError, DefinitionError } from '../../errors.ts'
import type { SessionCalls, SessionReply, SessionStart } from './protocol.ts'

/** A connection in a thread of its own, for one call at a time. */
export interface Session {
  /** Rejects with what the database said, or with the signal's reason: then the thread is ended, and with it what it had not committed. */
  call<K extends keyof SessionCalls>(
    call: K,
    ask: SessionCalls[K]['ask'],
    signal?: AbortSignal,
  ): Promise<SessionCalls[K]['answer']>
  readonly isOpen: boolean
  close(): Promise<void>
}

export function openSession(start: SessionStart): Session {
  const thread = new Worker(new URL('./session-thread.ts', import.meta.url), {
    workerData: start,
    execArgv: [],
    env: {},
  })
  let isOpen = true
  // An idle session keeps no process alive.
  thread.unref()
  const end = async (): Promise<void> => {
    isOpen = false
    await thread.terminate()
  }
  return {
    get isOpen() {
      return isOpen
    },
    async call(call, ask, signal) {
      signal?.throwIfAborted()
      thread.ref()
      try {
        const reply = await answered(thread, () => thread.postMessage({ call, ask }), signal)
        if ('error' in reply) throw revive(reply.error)
        // The thread answers each call with what `SessionCalls` says.
        return reply.answer as SessionCalls[typeof call]['answer']
      } catch (error) {
        if (signal?.aborted === true) void end()
        if (!(error instanceof DefinitionError || error instanceof DataError)) isOpen = false
        throw error
      } finally {
        thread.unref()
      }
    },
    close: end,
  }
}

/** The next thing that the thread says. */
function answered(thread: Worker, ask: () => void, signal: AbortSignal | undefined): Promise<SessionReply> {
  return new Promise((resolve, reject) => {
    const settle = (work: () => void): void => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit)
      signal?.removeEventListener('abort', onAbort)
      work()
    }
    const onMessage = (reply: SessionReply): void => settle(() => resolve(reply))
    const onError = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))))
    const onExit = (): void => settle(() => reject(new Error('the thread of the database session ended')))
    const onAbort = (): void =>
      settle(() =>
        reject(signal?.reason instanceof Error ? signal.reason : new Error('the call was aborted')),
      )
    thread.on('message', onMessage).on('error', onError).on('exit', onExit)
    signal?.addEventListener('abort', onAbort, { once: true })
    ask()
  })
}

function revive({
  name,
  message,
  stack,
}: {
  name: string
  message: string
  stack: string | undefined
}): Error {
  if (name === 'DefinitionError') return new DefinitionError(message)
  if (name === 'DataError') return new DataError(message)
  const error = new Error(message)
  error.name = name
  if (stack !== undefined) error.stack = stack
  return error
}
