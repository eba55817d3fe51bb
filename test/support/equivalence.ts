import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { createInstallation, type Installation } from './installation.ts'
import { bring } from './gelsight-drops.ts'
import { differences, selectAll, type TableRows } from './table-rows.ts'

/** The same in every arrangement: when a batch ran is no property of its scans. */
const processedAt = '2026-03-01T00:00:00Z'
const layers = ['bronze_ingest', 'silver_transform', 'gold_analytics'] as const

/** Columns that name the batch that wrote a row, or the place that its arrival gave it in bronze, by their nature. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  'silver.dim_calibration': ['batch_id', 'source_path'],
  'silver.dim_device': ['batch_id'],
  'silver.dim_shapes': ['batch_id'],
  'silver.dim_routines': ['batch_id'],
  'silver.dim_analysis_version_context': ['batch_id'],
  'silver.fact_scan_metadata': ['batch_id', 'source_path'],
  'silver.fact_measurements': ['batch_id'],
  'gold.qc_reporting': ['batch_id'],
  'gold.measurement_trends': ['batch_id'],
  'gold.operator_performance': ['batch_id'],
}

export const comparedTables: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(leftOut).map(([table, columns]) => [
      table,
      `SELECT * EXCLUDE (${columns.join(', ')}) FROM ${table}`,
    ]),
  ),
  // What was applied before a calibration came stays in the lineage: what is applied now must be the same.
  'silver.calibration_lineage': `
    SELECT l.* EXCLUDE (batch_id, processing_context)
    FROM silver.calibration_lineage l
    JOIN silver.fact_scan_metadata m ON m.scan_id = l.scan_id AND m.revision = l.revision AND m.calibration_sk = l.calibration_sk`,
  // data_quality_metrics and quality_quarantine are about a batch by their nature.
}

/** What is left when all drops went through. */
export interface Outcome {
  readonly tables: Readonly<Record<string, TableRows>>
  /** Hash of query and rows of the newest training data. */
  readonly training: string
}

/** A turn's batches, each a list of drops, run at the same time; the next turn waits for them. */
export type Turns = readonly (readonly (readonly string[])[])[]

export interface Way {
  /** Names homes and task queues. */
  readonly name: string
  /** Folder of the drops. */
  readonly drops: string
  /** A server for all; without one every installation has its own. */
  readonly temporalAddress?: string
}

/** Every batch a run by hand that starts the next layers itself. */
export async function byHand(way: Way, turns: Turns): Promise<Outcome> {
  return withInstallation(way, async (installation) => {
    for (const [turn, batches] of turns.entries()) {
      await Promise.all(batches.map((own, index) => runBatch(installation, way, own, `b${turn}-${index}`)))
    }
  })
}

/** `headrace backfill` of each layer: a day a batch, at most `concurrency` at once. */
export async function byBackfill(
  way: Way,
  batches: readonly (readonly string[])[],
  concurrency: number,
): Promise<Outcome> {
  return withInstallation(way, async (installation) => {
    for (const [index, own] of batches.entries())
      await bring(way.drops, own, join(installation.settings.home.lake, `inbox-${dayOf(index)}`))
    const source = "source=@concat('inbox-', formatDateTime(trigger().outputs.windowStartTime, 'yyyyMMdd'))"
    for (const layer of layers) {
      const range = ['--from', '2026-04-01', '--to', `2026-04-${String(batches.length + 1).padStart(2, '0')}`]
      const parameters = [`processedAt=${processedAt}`, ...(layer === 'bronze_ingest' ? [source] : [])]
      await headrace(
        installation,
        'backfill',
        layer,
        ...range,
        '--concurrency',
        `${concurrency}`,
        '--no-chain',
        ...parameters.flatMap((one) => ['--param', one]),
      )
    }
  })
}

/** The trigger `daily` as Temporal fires it: the first batch now, the others as the days that it makes up. */
export async function bySchedule(way: Way, batches: readonly (readonly string[])[]): Promise<Outcome> {
  return withInstallation(way, async (installation) => {
    const factory = join(installation.home, 'factory')
    const name = await copyFactory(factory, installation)
    await headrace(installation, 'schedule', 'apply', '--factory', factory)
    const connection = await Connection.connect({ address: addressOf(installation) })
    const schedule = new Client({ connection }).schedule.getHandle(`${name}/dev/daily/bronze_ingest`)
    try {
      for (const [index, own] of batches.entries()) {
        await bring(way.drops, own, join(installation.settings.home.lake, 'inbox'))
        const day = Date.UTC(2026, 3, 1 + index)
        if (index === 0) await schedule.trigger()
        else await schedule.backfill({ start: new Date(day), end: new Date(day + 86_399_000) })
        await goldRuns(installation, index + 1)
      }
    } finally {
      await schedule.delete()
      await connection.close()
    }
  })
}

/** Two installations with a home, a server and a worker each, at the same time on one lake; `batches` take turns between them. */
export async function byTwoInstallations(
  way: Way,
  batches: readonly (readonly string[])[],
): Promise<Outcome> {
  const shared = await mkdtemp(join(tmpdir(), `headrace-${way.name}-shared-`))
  const environment = { HEADRACE_LAKE: join(shared, 'lake') }
  const both = await Promise.all(
    ['one', 'other'].map((which) => createInstallation({ name: `${way.name}-${which}`, environment })),
  )
  await Promise.all(both.map((installation) => installation.up()))
  await Promise.all(
    both.map(async (installation, which) => {
      for (const [index, own] of batches.entries())
        if (index % 2 === which) await runBatch(installation, way, own, `b${index}`)
    }),
  )
  const outcome = await outcomeOf(shared)
  await Promise.all(both.map((installation) => installation.remove()))
  await rm(shared, { recursive: true, force: true })
  return outcome
}

/** The first few differences, a line each; none where silver and gold are the same. */
export function differencesOf(expected: Outcome, actual: Outcome): string[] {
  const found = Object.entries(expected.tables).flatMap(([table, rows]) =>
    differences(rows, actual.tables[table] ?? { columns: [], rows: [] }, 5).map(
      (line) => `${table}: ${line}`,
    ),
  )
  return expected.training === actual.training ? found : [...found, 'the training data differ']
}

async function withInstallation(
  { name, temporalAddress }: Way,
  work: (installation: Installation) => Promise<void>,
): Promise<Outcome> {
  const given = temporalAddress === undefined ? {} : { temporalAddress }
  const installation = await createInstallation({ name, ...given })
  await installation.up()
  await work(installation)
  await installation.down()
  const outcome = await outcomeOf(installation.home)
  await installation.remove()
  return outcome
}

async function runBatch(
  installation: Installation,
  { drops }: Way,
  own: readonly string[],
  batch: string,
): Promise<void> {
  const source = `inbox-${batch}`
  await bring(drops, own, join(installation.settings.home.lake, source))
  const parameters = [`processedAt=${processedAt}`, `source=${source}`]
  await headrace(
    installation,
    'run',
    'bronze_ingest',
    '--batch',
    batch,
    ...parameters.flatMap((one) => ['--param', one]),
  )
}

async function headrace(installation: Installation, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await installation.headrace(...args)
  if (code !== 0) throw new Error(`headrace ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  return stdout
}

/** Waits until so many batches are through all layers. */
async function goldRuns(installation: Installation, count: number): Promise<void> {
  for (;;) {
    const recorded = JSON.parse(
      await headrace(installation, 'runs', '--recorded', '--json', '--limit', '99'),
    ) as {
      pipeline: string
      status: string
      workflowId: string
    }[]
    const failed = recorded.find(({ status }) => status === 'Failed' || status === 'Cancelled')
    if (failed !== undefined) throw new Error(`${failed.workflowId} ${failed.status}`)
    if (recorded.filter(({ pipeline }) => pipeline === layers.at(-1)).length >= count) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Headrace's own factory under a name of its own, with `daily` writing one time into all rows. */
async function copyFactory(folder: string, installation: Installation): Promise<string> {
  const name = `equivalence-${installation.settings.taskQueue.slice(-6)}`
  await cp(join(import.meta.dirname, '../../factories/gelsight'), folder, { recursive: true })
  await replaceIn(join(folder, 'factory.yaml'), 'name: gelsight', `name: ${name}`)
  await replaceIn(
    join(folder, 'trigger/daily.yaml'),
    'processedAt: "@trigger().scheduledTime"',
    `processedAt: "${processedAt}"`,
  )
  return name
}

async function replaceIn(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  if (!text.includes(before)) throw new Error(`${file} does not hold ${before}`)
  await writeFile(file, text.replace(before, after))
}

function addressOf({ settings }: Installation): string {
  if (settings.temporalAddress === null) throw new Error('a schedule needs the address of its server')
  return settings.temporalAddress
}

function dayOf(index: number): string {
  return `202604${String(index + 1).padStart(2, '0')}`
}

/** `home`: folder that holds the lake. */
async function outcomeOf(home: string): Promise<Outcome> {
  return {
    tables: await selectAll(home, comparedTables),
    training: await newestTraining(join(home, 'lake/gold/ml_training_datasets')),
  }
}

async function newestTraining(folder: string): Promise<string> {
  const manifests = (await readdir(folder)).map((version) => join(folder, version, 'manifest.json'))
  const found = await Promise.all(manifests.map(async (path) => ({ path, time: (await stat(path)).mtimeMs })))
  const newest = found.toSorted((a, b) => b.time - a.time)[0]
  if (newest === undefined) throw new Error(`${folder} holds no version`)
  const { contentSha256 } = JSON.parse(await readFile(newest.path, 'utf8')) as { contentSha256: string }
  return contentSha256
}
