import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { searchAttributes } from '../../adf/run/status.ts'
import { endProcess, findByArguments, identify, isAlive, type ProcessIdentity } from './process-identity.ts'
import { freePorts, isFree, loopback } from './ports.ts'

export interface ServerOptions {
  /** The `temporal` program. */
  readonly program: string
  /** Holds the server's database file. */
  readonly folder: string
  readonly logFile: string
  readonly namespace: string
  /** Must be used; null: any free one, `preferred` where that is free. */
  readonly port: number | null
  readonly uiPort: number | null
  readonly preferred?: { readonly port: number; readonly uiPort: number } | null
}

export interface TemporalServer extends ProcessIdentity {
  /** `127.0.0.1:port` */
  readonly address: string
  /** `http://127.0.0.1:port` */
  readonly ui: string
}

const healthyWithinMs = 60_000
const attempts = 3

/**
 * What a dev server's one shard of history needs beyond its defaults.
 * - Its task queue is polled at most 20 times a second: a chain of 100 activities takes 9.4 s instead of 1.1 s.
 * - It remembers 512 KiB of events: a thousand activities with 700 bytes of input each no longer fit, the start of each reads all
 *   their events again, and the server needs 7.6 s of CPU instead of 2.9 s.
 * - It fails and repeats a workflow task (FORCE_CLOSE_COMMAND) during which more than 100 events arrive, those of 50 activities.
 */
const dynamicConfig = [
  'history.transferProcessorMaxPollRPS=10000',
  'history.transferProcessorMaxPollHostRPS=100000',
  'history.eventsCacheMaxSizeBytes=33554432',
  'history.maximumBufferedEventsBatch=2000',
]
/** WAL lets readers go on beside a writer: fan-out gains. */
const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL']

/**
 * Starts a dev server with its UI as a process of its own, which outlives this one, and waits until it answers.
 * Throws with the end of its log when it does not come up.
 */
export async function startTemporalServer(options: ServerOptions): Promise<TemporalServer> {
  await demandFree(options.port, 'HEADRACE_TEMPORAL_PORT')
  await demandFree(options.uiPort, 'HEADRACE_TEMPORAL_UI_PORT')
  let failure: unknown
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const [port, uiPort] = await choosePorts(options, attempt === 1)
    try {
      return await startOn(options, port, uiPort)
    } catch (error) {
      // Between choosing a free port and the server's taking it, somebody else may have it.
      failure = error
    }
  }
  throw failure
}

/**
 * Ends servers that hold this folder's database file though nobody noted them: whoever started them was killed before they answered. A
 * second server must not write to that file.
 */
export async function endUnrecordedServers(folder: string): Promise<void> {
  for (const server of findByArguments(['--db-filename', databaseFile(folder)])) await endProcess(server)
}

function databaseFile(folder: string): string {
  return join(folder, 'temporal.db')
}

async function choosePorts(options: ServerOptions, mayPrefer: boolean): Promise<readonly [number, number]> {
  const [first = 0, second = 0] = await freePorts(2)
  const preferred = mayPrefer ? (options.preferred ?? null) : null
  const choose = async (set: number | null, wish: number | undefined, free: number) =>
    set ?? (wish !== undefined && (await isFree(wish)) ? wish : free)
  return [
    await choose(options.port, preferred?.port, first),
    await choose(options.uiPort, preferred?.uiPort, second),
  ]
}

async function startOn(options: ServerOptions, port: number, uiPort: number): Promise<TemporalServer> {
  mkdirSync(options.folder, { recursive: true })
  mkdirSync(dirname(options.logFile), { recursive: true })
  const log = openSync(options.logFile, 'a')
  const child = spawn(options.program, serverArguments(options, port, uiPort), {
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const spawnError = new Promise<Error>((resolve) => child.once('error', resolve))
  const identity = child.pid === undefined ? null : identify(child.pid)
  if (identity === null) {
    const reason = child.pid === undefined ? (await spawnError).message : endOfLog(options.logFile)
    throw new Error(`${options.program} does not start: ${reason}`)
  }
  child.unref()
  const server = { ...identity, address: `${loopback}:${port}`, ui: `http://${loopback}:${uiPort}` }
  try {
    await untilHealthy(server, options)
    return server
  } catch (error) {
    await endProcess(identity)
    throw error
  }
}

function serverArguments(options: ServerOptions, port: number, uiPort: number): string[] {
  const flags: [string, string][] = [
    ['--ip', loopback],
    ['--port', String(port)],
    ['--ui-port', String(uiPort)],
    ['--db-filename', databaseFile(options.folder)],
    ['--log-level', 'warn'],
    ...pragmas.map((pragma): [string, string] => ['--sqlite-pragma', pragma]),
    ...dynamicConfig.map((value): [string, string] => ['--dynamic-config-value', value]),
    ...searchAttributes.map((name): [string, string] => ['--search-attribute', `${name}=Keyword`]),
  ]
  if (options.namespace !== 'default') flags.push(['--namespace', options.namespace])
  return ['server', 'start-dev', ...flags.flat()]
}

async function untilHealthy(server: TemporalServer, options: ServerOptions): Promise<void> {
  const until = performance.now() + healthyWithinMs
  let last: unknown
  while (performance.now() < until) {
    if (!isAlive(server)) throw new Error(`The Temporal server ended at once: ${endOfLog(options.logFile)}`)
    try {
      await checkReady(server.address, options.namespace)
      return
    } catch (error) {
      last = error
      await sleep(50)
    }
  }
  throw new Error(
    `The Temporal server is not ready after ${healthyWithinMs / 1000} s; see ${options.logFile}`,
    {
      cause: last,
    },
  )
}

/** Ready means: the namespace is there and takes our search attributes, which are registered last. */
async function checkReady(address: string, namespace: string): Promise<void> {
  // Loaded late: `headrace up --help` must not wait for it.
  const { Connection } = await import('@temporalio/client')
  const connection = await Connection.connect({ address, connectTimeout: '2 seconds' })
  try {
    const found = await connection.operatorService.listSearchAttributes({ namespace })
    const missing = searchAttributes.filter((name) => !(name in (found.customAttributes ?? {})))
    if (missing.length > 0) throw new Error(`search attributes are missing: ${missing.join(', ')}`)
  } finally {
    await connection.close()
  }
}

async function demandFree(port: number | null, variable: string): Promise<void> {
  if (port !== null && !(await isFree(port)))
    throw new Error(`Port ${port} (${variable}) is taken; set another one, or unset it for a free one`)
}

function endOfLog(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n')
}
