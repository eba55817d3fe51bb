import { availableParallelism, totalmem } from 'node:os'
import { z } from 'zod'

/** What people read about a variable: in the docs table and in the message when its value is wrong. */
export interface VariableText {
  readonly meaning: string
  readonly allowed: string
  /** What holds when it is not set, in words. */
  readonly otherwise: string
}

function variable<T extends z.ZodType>(schema: T, text: VariableText): T {
  return schema.meta({ ...text })
}

export function variableText(name: string, schema: z.ZodType): VariableText {
  const { meaning, allowed, otherwise } = schema.meta() ?? {}
  if (typeof meaning !== 'string' || typeof allowed !== 'string' || typeof otherwise !== 'string')
    throw new TypeError(`${name} has no text in config/schema.ts: wrap its schema in variable(…)`)
  return { meaning, allowed, otherwise }
}

const path = z.string().min(1)
const port = z.coerce.number().int().min(1).max(65535)
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/)

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}

/** A quarter of the machine, as DuckDB and the activities' own buffers share it with Temporal and other programs. */
function defaultMemory(): string {
  return `${Math.max(256, Math.floor(totalmem() / 4 / 2 ** 20))}MB`
}

const sizeText = /^[1-9]\d*(\.\d+)?\s?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/
const unitBytes: Readonly<Record<string, number>> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

/** Bytes of a size such as `512MiB`. */
const size = z
  .string()
  .regex(sizeText)
  .transform((text) => {
    const unit = text.replace(/^[\d.\s]+/, '')
    return Math.round(Number.parseFloat(text) * (unitBytes[unit] ?? Number.NaN))
  })

/** Every variable that Headrace reads. Values are text, as the environment gives them. */
export const environmentSchema = z.object({
  HEADRACE_HOME: variable(path.default('.headrace'), {
    meaning: 'Folder with all state of an installation: lake, warehouse, Temporal file, outbox, logs.',
    allowed: 'a folder path',
    otherwise: '`.headrace` in the current folder',
  }),
  HEADRACE_FACTORY: variable(path.optional(), {
    meaning: 'Factory folder, in the layout of an ADF git repository.',
    allowed: 'a folder path',
    otherwise: '`factories/gelsight` of Headrace itself',
  }),
  HEADRACE_ENVIRONMENT: variable(name.default('dev'), {
    meaning: "Which of the factory's environments runs.",
    allowed: 'a name of letters, digits, `_`, `.` and `-`',
    otherwise: '`dev`',
  }),
  HEADRACE_INBOX: variable(path.optional(), {
    meaning: 'Folder where scans arrive, when it is not inside the home.',
    allowed: 'a folder path',
    otherwise: '`lake/inbox` in the home',
  }),
  HEADRACE_LAKE: variable(path.optional(), {
    meaning:
      'Folder of the lake, when it is not inside the home: several installations may share one. They share its `inbox` too, or each names one of its own and batches of its own.',
    allowed: 'a folder path',
    otherwise: '`lake` in the home',
  }),
  HEADRACE_ZIP_RATIO: variable(z.coerce.number().min(1).max(100_000).default(250), {
    meaning:
      'How many times its own size a ZIP may unpack to, beyond 1 GiB that is always allowed; one that claims more is refused as a bomb.',
    allowed: 'a number from 1 to 100000',
    otherwise: '`250`',
  }),
  HEADRACE_ZIP_BYTES: variable(size.default(2 ** 40), {
    meaning: 'Most bytes that a ZIP may unpack to, whatever its size.',
    allowed: 'a size such as `200GB` or `512MiB`',
    otherwise: '`1TiB`',
  }),
  HEADRACE_ZIP_FILE_BYTES: variable(size.default(8 * 2 ** 30), {
    meaning: 'Largest file in a ZIP, unpacked.',
    allowed: 'a size such as `2GB` or `512MiB`',
    otherwise: '`8GiB`',
  }),
  HEADRACE_ZIP_FILES: variable(z.coerce.number().int().min(1).max(100_000_000).default(500_000), {
    meaning: 'Most files and folders in a ZIP.',
    allowed: 'a whole number from 1 to 100000000',
    otherwise: '`500000`',
  }),
  HEADRACE_LOCAL_FOLDERS: variable(z.string().default(''), {
    meaning: 'Folders of this machine that FileServer linked services may lead to, with all below them.',
    allowed: 'a list of folder paths, separated as in `PATH`',
    otherwise: 'none: such linked services lead below `stores` in the home only',
  }),
  HEADRACE_SCAN_TIME_ZONE: variable(z.string().refine(isTimeZone).default('UTC'), {
    meaning: 'Time zone of the scanning PCs: their timestamps carry none.',
    allowed: 'an IANA time zone such as `Europe/Berlin` or `UTC`',
    otherwise: '`UTC`',
  }),
  HEADRACE_TEMPORAL_ADDRESS: variable(
    z
      .string()
      .regex(/^[^\s/:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/)
      .optional(),
    {
      meaning: 'Address of the Temporal server.',
      allowed: '`host:port` without a scheme, e.g. `127.0.0.1:7233`',
      otherwise: 'the server that `headrace up` started for this home',
    },
  ),
  HEADRACE_TEMPORAL_NAMESPACE: variable(name.default('default'), {
    meaning: 'Temporal namespace of the runs.',
    allowed: 'a name of letters, digits, `_`, `.` and `-`',
    otherwise: '`default`',
  }),
  HEADRACE_TASK_QUEUE: variable(name.default('headrace'), {
    meaning: 'Temporal task queue that workers poll and runs use.',
    allowed: 'a name of letters, digits, `_`, `.` and `-`',
    otherwise: '`headrace`',
  }),
  HEADRACE_TEMPORAL_UI: variable(z.url({ protocol: /^https?$/ }).optional(), {
    meaning: 'Base address of the Temporal UI, for links to runs.',
    allowed: 'an `http://` or `https://` address',
    otherwise: 'the UI that `headrace up` started for this home',
  }),
  HEADRACE_TEMPORAL_PORT: variable(port.optional(), {
    meaning: 'Port that `headrace up` gives to Temporal.',
    allowed: 'a port number from 1 to 65535',
    otherwise: 'a free one, the same again after a restart while it is free',
  }),
  HEADRACE_TEMPORAL_UI_PORT: variable(port.optional(), {
    meaning: "Port that `headrace up` gives to Temporal's UI.",
    allowed: 'a port number from 1 to 65535',
    otherwise: 'a free one, the same again after a restart while it is free',
  }),
  HEADRACE_DUCKDB_MEMORY: variable(z.string().regex(sizeText).default(defaultMemory), {
    meaning: 'Memory that DuckDB may use in a worker before it spills to disk.',
    allowed: 'a size such as `2GB` or `512MiB`',
    otherwise: "a quarter of the machine's memory, at least 256 MB",
  }),
  HEADRACE_DUCKDB_THREADS: variable(
    z.coerce
      .number()
      .int()
      .min(1)
      .max(1024)
      .default(() => availableParallelism()),
    {
      meaning: 'Threads of DuckDB in a worker.',
      allowed: 'a whole number from 1 to 1024',
      otherwise: 'the number of cores',
    },
  ),
  HEADRACE_WEBHOOK: variable(
    z
      .string()
      .regex(/^(env|file):.+$/)
      .optional(),
    {
      meaning:
        'Where the address of the notification webhook is kept: it is a secret, so it is not given itself.',
      allowed: '`env:NAME` (a variable) or `file:PATH` (a file that holds nothing else)',
      otherwise: 'no webhook',
    },
  ),
  HEADRACE_ENTRA_AUTHORITY: variable(
    z.url({ protocol: /^https?$/ }).default('https://login.microsoftonline.com'),
    {
      meaning: 'Where service principals get their tokens: Microsoft Entra, or that of a national cloud.',
      allowed: 'an `http://` or `https://` address',
      otherwise: '`https://login.microsoftonline.com`',
    },
  ),
  HEADRACE_CALLBACK_HOST: variable(z.string().min(1).default('127.0.0.1'), {
    meaning: 'Address that workers listen at for the callbacks of WebHook activities.',
    allowed: 'an address of this machine',
    otherwise: '`127.0.0.1`: only this machine reaches it',
  }),
  HEADRACE_CALLBACK_PORT: variable(port.optional(), {
    meaning: 'Port that a worker takes callbacks at.',
    allowed: 'a port number from 1 to 65535',
    otherwise: 'a free one, the same again after a restart while it is free',
  }),
  HEADRACE_CALLBACK_URL: variable(z.url({ protocol: /^https?$/ }).optional(), {
    meaning:
      'Base address of callbacks as the called services reach it, where that is a proxy or another name.',
    allowed: 'an `http://` or `https://` address',
    otherwise: 'host and port of the worker itself',
  }),
  TEMPORAL_CLI: variable(path.optional(), {
    meaning: 'The `temporal` program for the embedded server.',
    allowed: 'the path of an executable file',
    otherwise: '`temporal` on PATH, then the cache, then it is obtained',
  }),
  XDG_CACHE_HOME: variable(path.optional(), {
    meaning: 'Folder of caches; Temporal is kept in `headrace/` below it.',
    allowed: 'a folder path',
    otherwise: '`~/.cache`',
  }),
  PATH: variable(z.string().default(''), {
    meaning: 'Folders where `temporal` and `go` are looked for.',
    allowed: 'the usual list of folders',
    otherwise: 'nowhere',
  }),
})

/** The variables of `environmentSchema`, parsed. */
export type Environment = z.infer<typeof environmentSchema>
export type VariableName = keyof Environment
