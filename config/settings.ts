import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { readDotEnv } from './dot-env.ts'
import { environmentSchema, variableText, type Environment, type VariableName } from './schema.ts'

/** What every program of Headrace starts from. Paths are absolute. */
export interface Settings {
  readonly home: HomeFolders
  /** Factory folder; null: Headrace's own. */
  readonly factory: string | null
  readonly environment: string
  /** Mounted as `inbox/` of the lake; null: a plain folder of the lake. */
  readonly inbox: string | null
  /** Folders that FileServer linked services may lead to. */
  readonly localFolders: readonly string[]
  readonly scanTimeZone: string
  /** What a ZIP of a drop may hold. */
  readonly zip: ZipSettings
  /** `host:port`; null: that of the embedded server of this home. */
  readonly temporalAddress: string | null
  readonly temporalNamespace: string
  readonly taskQueue: string
  /** Base address without a trailing slash; null: that of the embedded server of this home, if any. */
  readonly temporalUi: string | null
  /** Ports of the embedded server; null: a free one. */
  readonly temporalPort: number | null
  readonly temporalUiPort: number | null
  /** In DuckDB's own notation: `2GB`. */
  readonly duckdbMemory: string
  readonly duckdbThreads: number
  /** Reference to the webhook's address; see `readSecret`. */
  readonly webhook: SecretReference | null
  /** Base address of Microsoft Entra, without a trailing slash. */
  readonly entraAuthority: string
  /** Where workers take callbacks of WebHook activities; port null: a free one. */
  readonly callback: { readonly host: string; readonly port: number | null; readonly url: string | null }
  /** The `temporal` program that the user names. */
  readonly temporalCli: string | null
  /** Headrace's own cache folder, outside of every checkout and home. */
  readonly cache: string
  /** Folders to look for programs in. */
  readonly searchPath: readonly string[]
}

export interface ZipSettings {
  /** Bytes unpacked as a multiple of the archive's own. */
  readonly ratio: number
  readonly totalBytes: number
  readonly entryBytes: number
  readonly entries: number
}

export interface HomeFolders {
  readonly root: string
  /** Below the root unless `HEADRACE_LAKE` says otherwise. */
  readonly lake: string
  /** SQLite file. */
  readonly warehouse: string
  readonly temporal: string
  readonly outbox: string
  readonly logs: string
  /** Process ids and ports of what runs. */
  readonly run: string
  /** Spill files of DuckDB. */
  readonly duckdb: string
  /** What stands in for stores on other machines: a folder a linked service. */
  readonly stores: string
  /** What stands in for key vaults: `{vault}/{secret}`. */
  readonly secrets: string
}

/** `env:NAME` or `file:PATH`: says where a secret is, never the secret itself. */
export type SecretReference = string

export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** Where a value came from, strongest first. */
export type SettingsSource = 'option' | 'environment' | '.env' | 'default'

export interface LoadOptions {
  /** Given on the command line; beats everything. Undefined values count as not given. */
  readonly flags?: Partial<Record<VariableName, string | undefined>>
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Relative paths start here, and its `.env` is read. */
  readonly folder?: string
  /** Taken from options only: a demo must not run into the plant that the environment names. */
  readonly ignore?: readonly VariableName[]
}

/**
 * Reads all settings: option beats environment beats `.env` beats default. An empty value counts as not set.
 * Throws a SettingsError that lists every wrong variable with its value, where it was set and what is allowed.
 */
export function loadSettings(options: LoadOptions = {}): Settings {
  const folder = options.folder ?? process.cwd()
  const sources: readonly (readonly [SettingsSource, Readonly<Record<string, string | undefined>>])[] = [
    ['option', options.flags ?? {}],
    ['environment', options.environment ?? process.env],
    ['.env', readDotEnv(folder)],
  ]
  const ignored: ReadonlySet<string> = new Set(options.ignore)
  const given: Record<string, string> = {}
  const from: Record<string, SettingsSource> = {}
  for (const name of Object.keys(environmentSchema.shape)) {
    const found = sources.find(
      ([source, values]) => (values[name] ?? '') !== '' && (source === 'option' || !ignored.has(name)),
    )
    if (found === undefined) continue
    given[name] = found[1][name] ?? ''
    from[name] = found[0]
  }
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success) throw new SettingsError(explain(given, from, parsed.error))
  return settingsOf(parsed.data, folder)
}

/** The variables that make another process of Headrace see the same settings. Null: must not be set there. */
export function settingsEnvironment(settings: Settings): Record<VariableName, string | null> {
  const text = (value: number | null) => (value === null ? null : String(value))
  return {
    HEADRACE_HOME: settings.home.root,
    HEADRACE_FACTORY: settings.factory,
    HEADRACE_ENVIRONMENT: settings.environment,
    HEADRACE_INBOX: settings.inbox,
    HEADRACE_LAKE: settings.home.lake,
    HEADRACE_ZIP_RATIO: text(settings.zip.ratio),
    HEADRACE_ZIP_BYTES: sizeOf(settings.zip.totalBytes),
    HEADRACE_ZIP_FILE_BYTES: sizeOf(settings.zip.entryBytes),
    HEADRACE_ZIP_FILES: text(settings.zip.entries),
    HEADRACE_LOCAL_FOLDERS: settings.localFolders.length === 0 ? null : settings.localFolders.join(delimiter),
    HEADRACE_SCAN_TIME_ZONE: settings.scanTimeZone,
    HEADRACE_TEMPORAL_ADDRESS: settings.temporalAddress,
    HEADRACE_TEMPORAL_NAMESPACE: settings.temporalNamespace,
    HEADRACE_TASK_QUEUE: settings.taskQueue,
    HEADRACE_TEMPORAL_UI: settings.temporalUi,
    HEADRACE_TEMPORAL_PORT: text(settings.temporalPort),
    HEADRACE_TEMPORAL_UI_PORT: text(settings.temporalUiPort),
    HEADRACE_DUCKDB_MEMORY: settings.duckdbMemory,
    HEADRACE_DUCKDB_THREADS: text(settings.duckdbThreads),
    HEADRACE_WEBHOOK: settings.webhook,
    HEADRACE_ENTRA_AUTHORITY: settings.entraAuthority,
    HEADRACE_CALLBACK_HOST: settings.callback.host,
    HEADRACE_CALLBACK_PORT: text(settings.callback.port),
    HEADRACE_CALLBACK_URL: settings.callback.url,
    TEMPORAL_CLI: settings.temporalCli,
    XDG_CACHE_HOME: dirname(settings.cache),
    PATH: settings.searchPath.join(delimiter),
  }
}

/**
 * The environment for a process that Headrace starts: this one's and `.env`, with `changes` on top (null removes). Such a process works
 * elsewhere, where it finds no `.env` that brings back what was removed.
 */
export function childEnvironment(changes: Readonly<Record<string, string | null>>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...readDotEnv(process.cwd()), ...process.env }
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete environment[name]
    else environment[name] = value
  }
  return environment
}

/** Bytes in the notation of a variable: any number of them is a number of KB. */
function sizeOf(bytes: number): string {
  return `${bytes / 1000}KB`
}

/** `lake`: where it lies, when not in the home. */
export function homeFolders(root: string, lake?: string): HomeFolders {
  return {
    root,
    lake: lake ?? join(root, 'lake'),
    warehouse: join(root, 'warehouse.db'),
    temporal: join(root, 'temporal'),
    outbox: join(root, 'outbox'),
    logs: join(root, 'logs'),
    run: join(root, 'run'),
    duckdb: join(root, 'duckdb'),
    stores: join(root, 'stores'),
    secrets: join(root, 'secrets'),
  }
}

function settingsOf(environment: Environment, folder: string): Settings {
  const absolute = (path: string | undefined) => (path === undefined ? null : resolve(folder, path))
  return {
    home: homeFolders(
      resolve(folder, environment.HEADRACE_HOME),
      absolute(environment.HEADRACE_LAKE) ?? undefined,
    ),
    factory: absolute(environment.HEADRACE_FACTORY),
    environment: environment.HEADRACE_ENVIRONMENT,
    inbox: absolute(environment.HEADRACE_INBOX),
    localFolders: environment.HEADRACE_LOCAL_FOLDERS.split(delimiter)
      .filter((entry) => entry !== '')
      .map((entry) => resolve(folder, entry)),
    scanTimeZone: environment.HEADRACE_SCAN_TIME_ZONE,
    zip: {
      ratio: environment.HEADRACE_ZIP_RATIO,
      totalBytes: environment.HEADRACE_ZIP_BYTES,
      entryBytes: environment.HEADRACE_ZIP_FILE_BYTES,
      entries: environment.HEADRACE_ZIP_FILES,
    },
    temporalAddress: environment.HEADRACE_TEMPORAL_ADDRESS ?? null,
    temporalNamespace: environment.HEADRACE_TEMPORAL_NAMESPACE,
    taskQueue: environment.HEADRACE_TASK_QUEUE,
    temporalUi: environment.HEADRACE_TEMPORAL_UI?.replace(/\/+$/, '') ?? null,
    temporalPort: environment.HEADRACE_TEMPORAL_PORT ?? null,
    temporalUiPort: environment.HEADRACE_TEMPORAL_UI_PORT ?? null,
    duckdbMemory: environment.HEADRACE_DUCKDB_MEMORY,
    duckdbThreads: environment.HEADRACE_DUCKDB_THREADS,
    webhook: absoluteReference(environment.HEADRACE_WEBHOOK, folder),
    entraAuthority: environment.HEADRACE_ENTRA_AUTHORITY.replace(/\/+$/, ''),
    callback: {
      host: environment.HEADRACE_CALLBACK_HOST,
      port: environment.HEADRACE_CALLBACK_PORT ?? null,
      url: environment.HEADRACE_CALLBACK_URL?.replace(/\/+$/, '') ?? null,
    },
    temporalCli: absolute(environment.TEMPORAL_CLI),
    cache: join(resolve(folder, environment.XDG_CACHE_HOME ?? join(homedir(), '.cache')), 'headrace'),
    searchPath: environment.PATH.split(delimiter).filter((entry) => entry !== ''),
  }
}

function absoluteReference(reference: SecretReference | undefined, folder: string): SecretReference | null {
  if (reference === undefined) return null
  return reference.startsWith('file:')
    ? `file:${resolve(folder, reference.slice('file:'.length))}`
    : reference
}

function explain(
  given: Readonly<Record<string, string>>,
  from: Readonly<Record<string, SettingsSource>>,
  error: z.ZodError,
): string {
  const shape: Readonly<Record<string, z.ZodType>> = environmentSchema.shape
  const names = new Set(error.issues.map((issue) => String(issue.path[0])))
  return [...names]
    .map((name) => {
      const schema = shape[name]
      const allowed = schema === undefined ? 'nothing' : variableText(name, schema).allowed
      const value =
        name === 'HEADRACE_WEBHOOK'
          ? 'not a reference (not shown: it may be a secret)'
          : JSON.stringify(given[name])
      return `${name} is ${value} (from ${from[name] ?? 'default'}); allowed: ${allowed}`
    })
    .join('\n')
}
