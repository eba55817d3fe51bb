import { createHash } from 'node:crypto'
import { copyFile, readFile, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'
import { createInstallation, type Installation } from '../support/installation.ts'
import { tableContents, type TableContent } from '../support/table-content.ts'
import { differences, selectAll, type TableRows } from '../support/table-rows.ts'

let installation: Installation
/** A drop with good scans and bad ones. */
let drop: string

beforeAll(async () => {
  installation = await createInstallation({ name: 'again', temporalAddress: inject('temporalAddress') })
  const inbox = join(installation.home, 'lake/inbox')
  const { drops } = await makeSamples({ folder: inbox, scans: 40, width: 32, bad: 0.2, scansPerDrop: 20 })
  drop = drops[0] ?? ''
  await copyFile(join(inbox, drop), join(installation.home, drop))
  await installation.up()
  await run('bronze_ingest', 'b1')
}, 240_000)

afterAll(() => installation?.remove())

async function run(pipeline: string, batch: string, ...more: string[]): Promise<void> {
  const result = await installation.headrace('run', pipeline, '--batch', batch, ...more)
  expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
}

/** Everything that a run leaves behind but the record of the run itself. */
interface Everything {
  readonly tables: Readonly<Record<string, TableContent>>
  readonly warehouse: Readonly<Record<string, string[]>>
  /** Path → SHA-256. */
  readonly objects: Readonly<Record<string, string>>
  readonly training: Readonly<Record<string, string>>
  readonly archive: Readonly<Record<string, string>>
  readonly inbox: Readonly<Record<string, string>>
}

async function everything(): Promise<Everything> {
  return {
    tables: await tableContents(installation.home),
    warehouse: warehouseRows(),
    objects: await objects('bronze'),
    training: await objects('gold/ml_training_datasets'),
    archive: await objects('archive'),
    inbox: await objects('inbox'),
  }
}

/** Records of runs and notifications are about runs: each is there once more. */
const aboutRuns = new Set(['pipeline_runs', 'activity_runs', 'notifications'])

/** Table → its rows as lines; `_loads` among them, so that nothing was even loaded. */
function warehouseRows(): Record<string, string[]> {
  const database = new DatabaseSync(installation.settings.home.warehouse, { readOnly: true })
  try {
    const tables = database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
      )
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !aboutRuns.has(name))
    return Object.fromEntries(
      tables.map((table) => {
        const statement = database.prepare(`SELECT * FROM "${table}"`)
        statement.setReadBigInts(true)
        return [
          table,
          statement
            .all()
            .map((row) => Object.values(row).map(String).join('|'))
            .sort(),
        ]
      }),
    )
  } finally {
    database.close()
  }
}

/** Path → SHA-256 of the files below a folder of the lake; none where it is missing. */
async function objects(folder: string): Promise<Record<string, string>> {
  const root = join(installation.home, 'lake', folder)
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const found: Record<string, string> = {}
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found[path.slice(root.length + 1)] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  }
  return found
}

describe('the same batch again', () => {
  it.each(['bronze_ingest', 'silver_transform', 'gold_analytics'])(
    'changes neither a table nor its version, no object and no row of the warehouse, by %s',
    async (pipeline) => {
      const before = await everything()
      await run(pipeline, 'b1', '--no-chain')
      expect(await everything()).toEqual(before)
    },
  )
})

describe('a drop that comes again under another name, in a new batch', () => {
  /** About the batch; the two dimensions are replaced as a whole and say which batch did it. */
  const aboutBatches = ['bronze.ingestion_log', 'silver.data_quality_metrics']
  const replaced = ['silver.dim_analysis_version_context', 'silver.dim_routines']
  const unversioned = {
    ...Object.fromEntries(
      aboutBatches.map((table) => [table, `SELECT * FROM ${table} WHERE batch_id = 'b1'`]),
    ),
    ...Object.fromEntries(replaced.map((table) => [table, `SELECT * EXCLUDE (batch_id) FROM ${table}`])),
  }
  const changed = [...aboutBatches, ...replaced]
  const inWarehouse = changed.map((table) => table.slice(table.indexOf('.') + 1))
  let before: Everything
  let rowsBefore: Record<string, TableRows>
  let after: Everything

  beforeAll(async () => {
    before = await everything()
    rowsBefore = await selectAll(installation.home, unversioned)
    await rename(join(installation.home, drop), join(installation.home, 'lake/inbox/sent-again.zip'))
    await run('bronze_ingest', 'b2')
    after = await everything()
  }, 240_000)

  it('is noted as duplicates, scan by scan; what was quarantined is quarantined again', async () => {
    const { log } = await selectAll(installation.home, {
      log: `
        SELECT again.outcome, again.parse_status = first.parse_status AS same_status,
          again.scan_id IS NOT DISTINCT FROM first.scan_id AND again.revision IS NOT DISTINCT FROM first.revision AS same_scan,
          first.outcome AS outcome_before, count(*) AS n
        FROM bronze.ingestion_log again
        JOIN bronze.ingestion_log first
          ON first.batch_id = 'b1' AND first.source_path = replace(again.source_path, 'sent-again.zip', '${drop}')
        WHERE again.batch_id = 'b2'
        GROUP BY ALL ORDER BY ALL`,
    })
    expect(log?.rows).toEqual([
      ['duplicate', true, true, 'committed', 19],
      ['quarantined', true, true, 'quarantined', 1],
    ])
  })

  it('changes no table but those about batches, and there nothing of an earlier batch', async () => {
    const others = ({ tables }: Everything) =>
      Object.fromEntries(Object.entries(tables).filter(([table]) => !changed.includes(table)))
    expect(others(after)).toEqual(others(before))
    const rows = await selectAll(installation.home, unversioned)
    for (const table of changed) {
      const expected = rowsBefore[table] ?? { columns: [], rows: [] }
      expect(expected.rows.length, table).toBeGreaterThan(0)
      expect(differences(expected, rows[table] ?? { columns: [], rows: [] }), table).toEqual([])
    }
  })

  it('changes no table of the warehouse but their counterparts, where it takes no row away', () => {
    const others = ({ warehouse }: Everything) =>
      Object.fromEntries(
        Object.entries(warehouse).filter(([table]) => ![...inWarehouse, '_loads'].includes(table)),
      )
    expect(others(after)).toEqual(others(before))
    for (const table of ['ingestion_log', 'data_quality_metrics'])
      expect(after.warehouse[table], table).toEqual(expect.arrayContaining(before.warehouse[table] ?? []))
    for (const table of ['dim_analysis_version_context', 'dim_routines'])
      expect(after.warehouse[table], table).toHaveLength(before.warehouse[table]?.length ?? 0)
  })

  it('adds objects only about the batch itself, changes none, and goes to the archive', () => {
    expect(after.objects).toMatchObject(before.objects)
    const added = Object.keys(after.objects).filter((path) => !(path in before.objects))
    expect(
      added.filter((path) => !/^(_batches|quarantine)\/b2\/|^_tables\/ingestion_log\//.test(path)),
    ).toEqual([])
    expect(after.training).toEqual(before.training)
    expect(Object.keys(after.archive).filter((path) => !(path in before.archive))).toEqual([
      'b2/sent-again.zip',
    ])
    expect(after.inbox).toEqual(before.inbox)
  })
})
