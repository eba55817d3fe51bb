import { execFile } from 'node:child_process'
import { createHash, randomFillSync } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { copy } from '../activities/copy/copy.ts'
import type { ActivityContext } from '../activities/activity.ts'
import type { JsonObject } from '../adf/json.ts'
import type { ActivityInvocation, ResolvedDataset } from '../adf/run/run.ts'
import { LocalLake } from '../lake/local/local-lake.ts'
import { createStores } from '../stores/open-store.ts'
import { createSecrets } from '../stores/secrets.ts'
import { openDuckDb } from '../tables/duckdb/open.ts'
import { dependenciesWith } from '../test/support/dependencies.ts'
import { invocationOf } from '../test/support/invocation.ts'
import { Report, size, timed } from './report.ts'

/**
 * What does a Copy cost beside bare DuckDB, and beside cp? `node bench/copy.ts [--rows n] [--bytes n] [--rounds n]`. The bare run is one
 * COPY of the same files, with DuckDB's own defaults; cp is the machine's.
 */
const rows = size('rows', 10_000_000)
const bytes = size('bytes', 5 * 2 ** 30)
const rounds = size('rounds', 3)
const memoryLimit = '1GB'
const threads = 2

const home = await mkdtemp(join(tmpdir(), 'headrace-bench-copy-'))
const plant = join(home, 'stores/plant')
await mkdir(join(plant, 'in'), { recursive: true })
await mkdir(join(plant, 'bare'), { recursive: true })
const options = { memoryLimit, threads }
const duckdb = await openDuckDb({ spillFolder: join(home, 'duckdb'), ...options })
const lake = new LocalLake({ root: join(home, 'lake') })
const secrets = createSecrets(() => '')
const stores = createStores({
  lake,
  secrets,
  settings: { folder: join(home, 'stores'), localFolders: [], entraAuthority: 'http://127.0.0.1:1' },
})
const dependencies = dependenciesWith({ lake, duckdb, secrets, stores })
const context: ActivityContext = {
  signal: new AbortController().signal,
  attempt: 1,
  cursor: null,
  progress() {},
  checkpoint() {},
}

const dataset = (
  type: string,
  folderPath: string,
  fileName: string,
  more: JsonObject = {},
): ResolvedDataset => ({
  name: fileName,
  type,
  typeProperties: { location: { type: 'FileServerLocation', folderPath, fileName }, ...more },
  linkedService: { name: 'plant', type: 'FileServer', typeProperties: { host: 'plant' } },
})
const copyOf = (
  properties: JsonObject,
  input: ResolvedDataset,
  output: ResolvedDataset,
): Promise<JsonObject> => {
  const invocation: ActivityInvocation = invocationOf('Copy', properties, {
    name: 'Copy',
    inputs: [input],
    outputs: [output],
  })
  return copy(invocation, context, dependencies)
}
const bare = (sql: string): Promise<number> =>
  timed(() =>
    duckdb.session(async (connection) => {
      // DuckDB's own default.
      await connection.run('SET SESSION preserve_insertion_order = true')
      await connection.run(sql)
    }),
  )

const report = new Report('copy', {
  rows,
  bytes,
  rounds,
  'DuckDB memory': memoryLimit,
  'DuckDB threads': threads,
})
const resident: number[] = []
const sampling = setInterval(() => resident.push(Math.round(process.memoryUsage.rss() / 2 ** 20)), 1000)
try {
  const columns = `i AS id, 'device ' || (i % 977) AS device, timestamp '2026-01-01' + to_seconds(i) AS measured, i * 1.25 AS value, (i % 7) AS kind, 'note ' || i AS note`
  await bare(
    `COPY (SELECT ${columns} FROM range(${rows}) t(i)) TO '${plant}/in/rows.parquet' (FORMAT parquet)`,
  )
  await bare(`COPY (FROM '${plant}/in/rows.parquet') TO '${plant}/in/rows.csv' (FORMAT csv)`)
  const csv = { firstRowAsHeader: true, escapeChar: '"', rowDelimiter: '\n' }
  const types = {
    id: 'Int64',
    device: 'String',
    measured: 'DateTime',
    value: 'Double',
    kind: 'Int64',
    note: 'String',
  }
  const mappings = Object.entries(types).map(([name, type]) => ({ source: { name }, sink: { name, type } }))

  await report.compare('CSV to Parquet, all text', {
    rounds,
    target: 1.3,
    inProcess: true,
    limit: () =>
      bare(
        `COPY (FROM read_csv('${plant}/in/rows.csv', all_varchar = true)) TO '${plant}/bare/text.parquet' (FORMAT parquet)`,
      ),
    measured: () =>
      timed(() =>
        copyOf(
          { source: { type: 'DelimitedTextSource' }, sink: { type: 'ParquetSink' } },
          dataset('DelimitedText', 'in', 'rows.csv', csv),
          dataset('Parquet', 'out', 'text.parquet'),
        ),
      ),
  })
  await report.compare('CSV to Parquet, with the types of a mapping', {
    rounds,
    target: 1.3,
    inProcess: true,
    limit: () =>
      bare(`COPY (FROM read_csv('${plant}/in/rows.csv')) TO '${plant}/bare/typed.parquet' (FORMAT parquet)`),
    measured: () =>
      timed(() =>
        copyOf(
          {
            source: { type: 'DelimitedTextSource' },
            sink: { type: 'ParquetSink' },
            translator: { type: 'TabularTranslator', typeConversion: true, mappings },
          },
          dataset('DelimitedText', 'in', 'rows.csv', csv),
          dataset('Parquet', 'out', 'typed.parquet'),
        ),
      ),
  })
  await report.compare('Parquet to CSV', {
    rounds,
    target: 1.3,
    inProcess: true,
    limit: () => bare(`COPY (FROM '${plant}/in/rows.parquet') TO '${plant}/bare/rows.csv' (FORMAT csv)`),
    measured: () =>
      timed(() =>
        copyOf(
          { source: { type: 'ParquetSource' }, sink: { type: 'DelimitedTextSink' } },
          dataset('Parquet', 'in', 'rows.parquet'),
          dataset('DelimitedText', 'out', 'rows.csv', csv),
        ),
      ),
  })
  if (report.wants('a binary file')) {
    await writeBytes(join(plant, 'in/big.bin'), bytes)
    await report.compare(`a binary file of ${Math.round(bytes / 2 ** 20)} MiB, beside cp`, {
      rounds,
      // At least 0.8 of the rate of cp.
      target: 1.25,
      limit: async () => {
        await rm(join(plant, 'bare/big.bin'), { force: true })
        await settled()
        return timed(() =>
          promisify(execFile)('cp', [join(plant, 'in/big.bin'), join(plant, 'bare/big.bin')]),
        )
      },
      measured: async () => {
        await rm(join(plant, 'out/big.bin'), { force: true })
        await settled()
        return timed(() =>
          copyOf(
            { source: { type: 'BinarySource' }, sink: { type: 'BinarySink' } },
            dataset('Binary', 'in', 'big.bin'),
            dataset('Binary', 'out', 'big.bin'),
          ),
        )
      },
    })
    if ((await sha256(join(plant, 'in/big.bin'))) !== (await sha256(join(plant, 'out/big.bin'))))
      throw new Error('the copy holds other bytes than its source')
  }
  report.figure('resident memory, most', Math.max(...resident), 'MiB')
  report.figure(
    'resident memory, in the middle',
    resident.toSorted((a, b) => a - b)[resident.length >> 1] ?? 0,
    'MiB',
  )
  console.log(`resident memory each second: ${resident.join(' ')}`)
} finally {
  clearInterval(sampling)
  report.end()
  await duckdb.close()
  await rm(home, { recursive: true, force: true })
}

/** What was written before is on the disk: else the kernel slows down whoever writes next. */
async function settled(): Promise<void> {
  await promisify(execFile)('sync')
}

async function writeBytes(file: string, count: number): Promise<void> {
  const block = Buffer.alloc(2 ** 20)
  randomFillSync(block)
  await pipeline(
    Readable.from(
      (function* () {
        for (let left = count; left > 0; left -= block.length)
          yield left < block.length ? block.subarray(0, left) : block
      })(),
      { objectMode: false },
    ),
    createWriteStream(file),
  )
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
