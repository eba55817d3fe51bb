import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream, type WriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { z } from 'zod'
import type { copyProperties } from '../../adf/activity/copy.ts'
import { DefinitionError } from '../../adf/errors.ts'
import type { ActivityInvocation, ResolvedLinkedService } from '../../adf/run/run.ts'
import type { FileStore } from '../../stores/file-store.ts'
import type { Stores } from '../../stores/store.ts'
import { storePath } from '../dataset-place.ts'

export type CopyProperties = z.output<typeof copyProperties>

/** What a copy or Delete did and left out, as ADF's session log keeps it: a CSV file that has its name when it is complete. */
export interface SessionLog {
  /** Whether Info lines are kept, not only warnings. */
  readonly detailed: boolean
  add(level: 'Info' | 'Warning', operation: string, item: string, message: string): Promise<void>
  /** Makes the log visible and gives its path; null: nothing was to be kept. */
  publish(): Promise<string | null>
  /** Removes what is unfinished. */
  discard(): Promise<void>
}

interface LogPlace {
  readonly linkedServiceName: { readonly referenceName: string }
  readonly path?: string | undefined
}

/** The log that `logSettings`, its older form or `redirectIncompatibleRowSettings` ask for; one that keeps nothing where none does. */
export async function openCopyLog(
  properties: CopyProperties,
  invocation: ActivityInvocation,
  stores: Stores,
): Promise<SessionLog> {
  const { logSettings, logStorageSettings, redirectIncompatibleRowSettings } = properties
  const wanted = logSettings !== undefined && logSettings.enableCopyActivityLog !== false
  const place = wanted
    ? logSettings.logLocationSettings
    : (logStorageSettings ?? redirectIncompatibleRowSettings)
  if (place === undefined) return noLog
  const detailed = wanted && logSettings.copyActivityLogSettings?.logLevel === 'Info'
  return openLog(place, 'copyactivity-logs', detailed, invocation, stores)
}

export async function openLog(
  place: LogPlace,
  folder: string,
  detailed: boolean,
  invocation: ActivityInvocation,
  stores: Stores,
): Promise<SessionLog> {
  const service: ResolvedLinkedService | undefined =
    invocation.linkedServices[place.linkedServiceName.referenceName]
  if (service === undefined)
    throw new DefinitionError(
      `activity "${invocation.name}" logs to linked service ${JSON.stringify(place.linkedServiceName.referenceName)}, which the run was not given; start a new run`,
    )
  const store = await stores.open(service)
  if (store.kind !== 'files')
    throw new DefinitionError(
      `activity "${invocation.name}" logs to linked service '${service.name}' (${service.type}), which keeps no files`,
    )
  return new FileLog(store, pathOf(place.path ?? '', folder, invocation), detailed)
}

/** `{path}/copyactivity-logs/{activity}/{run}/{guid}.csv`; the same for an activity that is repeated after a crash. */
function pathOf(
  given: string,
  folder: string,
  { name, run, iterationPath, retryAttempt }: ActivityInvocation,
): string {
  const parts = given.split('/').filter((part) => part !== '')
  const id = createHash('sha256')
    .update(JSON.stringify([run.runId, name, iterationPath, retryAttempt]))
    .digest('hex')
  const guid = `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20, 32)}`
  return storePath(...parts, folder, name.replaceAll(/[^\p{L}\p{N} ._-]/gu, '_'), run.runId, `${guid}.csv`)
}

class FileLog implements SessionLog {
  readonly detailed: boolean
  readonly #store: FileStore
  readonly #path: string
  #file: string | null = null
  #stream: WriteStream | null = null

  constructor(store: FileStore, path: string, detailed: boolean) {
    this.#store = store
    this.#path = path
    this.detailed = detailed
  }

  async add(level: 'Info' | 'Warning', operation: string, item: string, message: string): Promise<void> {
    if (level === 'Info' && !this.detailed) return
    const stream = await this.#open()
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '0000')
    if (!stream.write(`${time},${level},${operation},${quoted(item)},${quoted(message)}\n`))
      await once(stream, 'drain')
  }

  async publish(): Promise<string | null> {
    const stream = await this.#open()
    stream.end()
    await finished(stream)
    await this.#store.writeFromFile(this.#path, this.#file ?? '')
    this.#file = null
    return this.#path
  }

  async discard(): Promise<void> {
    this.#stream?.destroy()
    if (this.#file !== null) await rm(this.#file, { force: true })
  }

  async #open(): Promise<WriteStream> {
    if (this.#stream !== null) return this.#stream
    this.#file = join(await this.#store.scratch(), `${randomUUID()}-log`)
    this.#stream = createWriteStream(this.#file, { flags: 'wx' })
    this.#stream.write('Timestamp,Level,OperationName,OperationItem,Message\n')
    return this.#stream
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

export const noLog: SessionLog = {
  detailed: false,
  add: async () => {},
  publish: async () => null,
  discard: async () => {},
}
