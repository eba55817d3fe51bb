import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ActivityContext, Dependencies } from '../../../activities/activity.ts'
import { copy } from '../../../activities/copy/copy.ts'
import type { JsonObject, JsonValue } from '../../../adf/json.ts'
import type { ResolvedDataset } from '../../../adf/run/run.ts'
import { LocalLake } from '../../../lake/local/local-lake.ts'
import { createStores } from '../../../stores/open-store.ts'
import { createSecrets } from '../../../stores/secrets.ts'
import { openDuckDb } from '../../../tables/duckdb/open.ts'
import { dependenciesWith } from '../../support/dependencies.ts'
import { invocationOf, type InvocationChanges } from '../../support/invocation.ts'

export interface CopyPlant {
  readonly root: string
  readonly dependencies: Dependencies
  /** Writes a file of the file server `plant`. */
  put(path: string, content: string | Uint8Array): Promise<void>
  read(path: string): Promise<string>
  bytes(path: string): Promise<Buffer>
  /** Every file below a folder of the file server, in order, unfinished ones too. */
  files(folder?: string): Promise<string[]>
  rows(sql: string): Promise<JsonValue[][]>
  /** The same with some of the dependencies replaced. */
  copyWith(
    more: Partial<Dependencies>,
    properties: JsonObject,
    input: ResolvedDataset,
    output: ResolvedDataset,
    changes?: InvocationChanges,
  ): Promise<JsonObject>
  copy(
    properties: JsonObject,
    input: ResolvedDataset,
    output: ResolvedDataset,
    changes?: InvocationChanges,
  ): Promise<JsonObject>
}

export const context: ActivityContext = {
  signal: new AbortController().signal,
  attempt: 1,
  cursor: null,
  progress() {},
  checkpoint() {},
}

/** A file server in a folder of its own, with DuckDB; gone when the test has ended. */
export async function copyPlant(): Promise<CopyPlant> {
  const home = await mkdtemp(join(tmpdir(), 'headrace-copy-'))
  const root = join(home, 'stores', 'plant')
  await mkdir(root, { recursive: true })
  const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb'), memoryLimit: '1GB', threads: 2 })
  const lake = new LocalLake({ root: join(home, 'lake') })
  const secrets = createSecrets(() => 'secret')
  const stores = createStores({
    lake,
    secrets,
    settings: { folder: join(home, 'stores'), localFolders: [], entraAuthority: 'http://127.0.0.1:1' },
  })
  onTestFinished(async () => {
    await stores.close()
    await duckdb.close()
    await rm(home, { recursive: true, force: true })
  })
  const dependencies = dependenciesWith({ lake, duckdb, secrets, stores })
  const run: CopyPlant['copyWith'] = (more, properties, input, output, changes = {}) =>
    copy(
      invocationOf('Copy', properties, {
        name: 'Copy files',
        inputs: [input],
        outputs: [output],
        ...changes,
      }),
      context,
      dependenciesWith({ lake, duckdb, secrets, stores, ...more }),
    )
  return {
    root,
    dependencies,
    put: async (path, content) => {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), content)
    },
    read: (path) => readFile(join(root, path), 'utf8'),
    bytes: (path) => readFile(join(root, path)),
    files: async (folder = '') => {
      const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
        () => [],
      )
      return found
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name).slice(join(root, folder).length).replace(/^\//, ''),
        )
        .toSorted()
    },
    rows: (sql) =>
      duckdb.session(async (connection) => {
        const result = await connection.runAndReadAll(sql.replaceAll('$root', root))
        return result.getRowsJson() as JsonValue[][]
      }),
    copy: (properties, input, output, changes = {}) => run({}, properties, input, output, changes),
    copyWith: run,
  }
}

const plant = { name: 'plant', type: 'FileServer', typeProperties: { host: 'plant' } }

/** A dataset of the file server. */
export function dataset(
  type: string,
  folderPath: string,
  fileName: string | null,
  more: JsonObject = {},
): ResolvedDataset {
  return {
    name: `${type} ${folderPath}`,
    type,
    typeProperties: {
      location: { type: 'FileServerLocation', folderPath, ...(fileName === null ? {} : { fileName }) },
      ...more,
    },
    linkedService: plant,
  }
}

export const csv = { firstRowAsHeader: true, columnDelimiter: ',' }

/** Text under a key of an output; '' where there is none. */
export function textAt(output: JsonObject, key: string): string {
  const value = output[key]
  return typeof value === 'string' ? value : ''
}
