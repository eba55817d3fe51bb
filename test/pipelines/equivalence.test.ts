import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { bring, makeDrops, type Drops } from '../support/gelsight-drops.ts'
import { createInstallation } from '../support/installation.ts'
import { differences, selectAll, type TableRows } from '../support/table-rows.ts'

const processedAt = '2026-03-01T00:00:00Z'

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

const selects: Readonly<Record<string, string>> = {
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

interface Outcome {
  readonly tables: Readonly<Record<string, TableRows>>
  /** Hash of query and rows of the newest training data. */
  readonly training: string
}

/** A turn's batches, each a list of drops, run at the same time; the next turn waits for them. */
type Turns = readonly (readonly (readonly string[])[])[]

/** `layers`: every batch ends one pipeline before any of them begins the next; else each goes on by itself. */
async function outcomeOf(name: string, turns: Turns, layers = false): Promise<Outcome> {
  const installation = await createInstallation({ name, temporalAddress: inject('temporalAddress') })
  await installation.up()
  const steps = layers
    ? ['bronze_ingest', 'silver_transform', 'gold_analytics'].map((pipeline) => [pipeline, '--no-chain'])
    : [['bronze_ingest']]
  for (const [turn, batches] of turns.entries()) {
    const sources = batches.map((_, index) => (batches.length === 1 ? 'inbox' : `inbox-${index}`))
    for (const [index, own] of batches.entries())
      await bring(samples, own, join(installation.home, 'lake', sources[index] ?? ''))
    for (const step of steps) {
      const runs = sources.map((source, index) => {
        const given = [
          `processedAt=${processedAt}`,
          ...(step[0] === 'bronze_ingest' ? [`source=${source}`] : []),
        ]
        const parameters = given.flatMap((one) => ['--param', one])
        return installation.headrace('run', ...step, '--batch', `b${turn}-${index}`, ...parameters)
      })
      for (const result of await Promise.all(runs))
        expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
    }
  }
  await installation.down()
  const outcome = {
    tables: await selectAll(installation.home, selects),
    training: await newestTraining(join(installation.home, 'lake/gold/ml_training_datasets')),
  }
  await installation.remove()
  return outcome
}

async function newestTraining(folder: string): Promise<string> {
  const manifests = (await readdir(folder)).map((version) => join(folder, version, 'manifest.json'))
  const found = await Promise.all(manifests.map(async (path) => ({ path, time: (await stat(path)).mtimeMs })))
  const newest = found.toSorted((a, b) => b.time - a.time)[0]
  if (newest === undefined) throw new Error(`${folder} holds no version`)
  const { contentSha256 } = JSON.parse(await readFile(newest.path, 'utf8')) as { contentSha256: string }
  return contentSha256
}

let samples: string
let drops: Drops
let once: Outcome

beforeAll(async () => {
  samples = await mkdtemp(join(tmpdir(), 'headrace-drops-'))
  drops = await makeDrops(samples)
  const { bare, whole, calibrations, laterCalibrations } = drops
  once = await outcomeOf('once', [[[...bare, ...whole, calibrations, laterCalibrations]]])
}, 300_000)

afterAll(() => rm(samples, { recursive: true, force: true }))

interface Arrangement {
  readonly title: string
  readonly name: string
  readonly layers?: boolean
  readonly turns: (drops: Drops) => Turns
}

const arrangements: readonly Arrangement[] = [
  {
    title: 'as three batches, calibrations last',
    name: 'three',
    turns: ({ bare, whole, calibrations, laterCalibrations }) => [
      [[bare[1], whole[0]]],
      [[laterCalibrations, bare[0]]],
      [[calibrations, whole[1]]],
    ],
  },
  {
    title: 'as two batches at the same time',
    name: 'two',
    turns: ({ bare, whole, calibrations, laterCalibrations }) => [
      [
        [bare[0], whole[0], laterCalibrations],
        [bare[1], whole[1], calibrations],
      ],
    ],
  },
  {
    title: 'as three batches at the same time in each layer',
    name: 'layers',
    layers: true,
    turns: ({ bare, whole, calibrations, laterCalibrations }) => [
      [[...bare], [whole[1], calibrations], [whole[0], laterCalibrations]],
    ],
  },
]

describe('the same drops give the same silver and gold', () => {
  it.each(arrangements)(
    '$title',
    async ({ name, turns, layers }) => {
      const other = await outcomeOf(name, turns(drops), layers)
      const found = Object.entries(once.tables).flatMap(([table, rows]) =>
        differences(rows, other.tables[table] ?? { columns: [], rows: [] }, 5).map(
          (line) => `${table}: ${line}`,
        ),
      )
      expect(found).toEqual([])
      expect(other.training).toBe(once.training)
    },
    300_000,
  )

  it('and the comparison has something to compare: late calibrations, verified again, and bad scans', async () => {
    const rows = (table: string): Record<string, unknown>[] => {
      const { columns, rows: found } = once.tables[table] ?? { columns: [], rows: [] }
      return found.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])))
    }
    for (const table of Object.keys(selects)) expect(rows(table).length, table).toBeGreaterThan(0)
    expect(rows('silver.dim_calibration').map((row) => row['version'])).toContain(2)
    const matches = rows('silver.fact_scan_metadata').map((row) => row['calibration_match'])
    expect(new Set(matches)).toEqual(new Set(['valid', 'before first version']))
  })
})
