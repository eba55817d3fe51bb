import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'js-yaml'
import type { Lake } from '../../lake/lake.ts'
import { type TableContract, tableContract } from '../../tables/contract.ts'
import type { DuckDb } from '../../tables/duckdb/duckdb.ts'
import { writeTable } from '../write-table.ts'

const factory = join(import.meta.dirname, '../../factories/gelsight')

export async function contractOf(table: string): Promise<TableContract | null> {
  const file = join(factory, 'table', `${table.slice(table.indexOf('.') + 1)}.yaml`)
  return tableContract.parse(load(await readFile(file, 'utf8')))
}

export async function sqlOf(table: string): Promise<string> {
  return readFile(join(factory, 'table', `${table.slice(table.indexOf('.') + 1)}.sql`), 'utf8')
}

/** Batches of the history and of the day after it. */
export const batches = { history: 'history', day: 'day' } as const

export const days = 730
const perScan = 20

export interface Platform {
  readonly lake: Lake
  readonly duckdb: DuckDb
  /** Of measurements, over two years. */
  readonly rows: number
}

/** Bronze and silver of two years: the tables that gold reads, as the platform's contracts describe them. */
export async function writeHistory(platform: Platform): Promise<void> {
  const write = async (table: string, select: string) => writeOne(platform, table, select)
  await write('silver.dim_routines', routines)
  await write('silver.dim_device', devices)
  await write('silver.dim_calibration', calibrations)
  await writeScans(platform, batches.history, `FROM range(${Math.ceil(platform.rows / perScan)}) t(i)`)
}

/** One more day of the same density, as its own batch. */
export async function writeDay(platform: Platform): Promise<void> {
  const scans = Math.ceil(platform.rows / perScan)
  await writeScans(platform, batches.day, `FROM range(${scans}, ${scans + Math.ceil(scans / days)}) t(i)`)
}

async function writeScans(platform: Platform, batch: string, numbers: string): Promise<void> {
  const scans = scansOf(platform.rows, batch, numbers)
  await writeOne(platform, 'bronze.scans', scans)
  await writeOne(platform, 'silver.fact_scan_metadata', scans)
  await writeOne(platform, 'bronze.heightmaps', heightmaps(scans))
  await writeOne(platform, 'bronze.measurements', measurements(scans))
  await writeOne(platform, 'silver.fact_measurements', measurements(scans))
}

async function writeOne({ lake, duckdb }: Platform, table: string, select: string): Promise<void> {
  const contract = await contractOf(table)
  if (contract === null) throw new Error(`the factory has no contract of ${table}`)
  await writeTable(lake, duckdb, contract, select)
}

const types = `['Offset', 'DefectDetection', 'HoleByEdge', 'PitDetection', 'SurfaceRoughness']`
const devicesInUse = 12

const routines = `
  SELECT hash_key(routine_type) AS routine_id, routine_type AS routine_name, 4 AS measurement_count, true AS is_active, routine_type,
    true AS is_configured, 'history' AS batch_id
  FROM (SELECT unnest(${types}) AS routine_type)`

const devices = `
  SELECT format('000{:05d}', i) AS device_id, 'Modulus' AS device_model, '170' AS device_firmware, TIMESTAMP '2024-11-01' AS created_date,
    'history' AS batch_id, TIMESTAMP '2024-11-01' AS processed_date
  FROM range(${devicesInUse}) t(i)`

/** A version a device and quarter. */
const calibrations = `
  SELECT hash_key(i, q) AS calibration_sk, 'Calib-' || i AS calibration_id, format('000{:05d}', i) AS device_id, q + 1 AS version,
    0.0027 AS mmperpixel, true AS is_verified, start AS effective_date, start + INTERVAL 91 DAY AS end_date, false AS is_current,
    hash(i, q) || '' AS content_sha256, CAST(start AS DATE) AS version_date, '' AS precedence, 'history' AS batch_id, start AS created_date
  FROM (SELECT i, q, TIMESTAMP '2024-11-01' + INTERVAL (q * 91) DAY AS start FROM range(${devicesInUse}) t(i), range(9) u(q))`

/** Columns of bronze.scans and of fact_scan_metadata. */
function scansOf(rows: number, batch: string, numbers: string): string {
  const scans = Math.ceil(rows / perScan)
  return `
    SELECT i, *, scan_id AS guid, moment AS created_at, moment AS scan_timestamp, moment + INTERVAL 1 HOUR AS ingested_at,
      moment + INTERVAL 1 HOUR AS created_date, moment + INTERVAL 1 HOUR AS processed_date,
      0 AS revision, '${batch}' AS batch_id, CAST(moment AS DATE) AS scan_date, year(moment) AS year, month(moment) AS month,
      hash_key(device, quarter) AS calibration_sk, 'Calib-' || device AS calibration_id, 'valid' AS calibration_match,
      true AS calibration_verified, quarter + 1 || '' AS calibration_version, hash_key(quarter) AS version_context_id,
      sha256(scan_id) AS content_sha256, scan_id AS source_path, scan_id AS bronze_path, 3 AS format_version, 6 AS image_count,
      1 AS alignment_image_count, 'part.tmd' AS active_heightmap, 'SUCCESS' AS processing_status, '4.2.240.0' AS sdk_version,
      '4.2.240.0' AS app_version, 0.0027 AS mmperpixel_used, true AS is_aligned, 'Modulus' AS device_model, '170' AS device_firmware,
      'MB101' AS gel_product, TIMESTAMP '2027-06-30' AS gel_use_by, i % 900 AS gel_use_count
    FROM (
      SELECT CAST(i AS BIGINT) AS i, format('{:08x}-4b1d-4e6f-8a2c-{:012x}', i * 2654435761 % 4294967296, i) AS scan_id,
        i // 5 % ${devicesInUse} AS device, format('000{:05d}', i // 5 % ${devicesInUse}) AS device_id,
        ['M. Ortega', 'J. Lindqvist', 'Aiko Tanaka', 'r.dubois', 'P. Novak', 'S. Rossi'][1 + i // 40 % 6] AS operator_name,
        ${types}[1 + i % 5] AS routine_folder,
        format('gel-{}', (i * ${days} // ${scans}) // 60 * ${devicesInUse} + i // 5 % ${devicesInUse}) AS gel_id,
        CAST((i * ${days} // ${scans}) // 91 AS INTEGER) AS quarter,
        TIMESTAMP '2024-11-01 08:00:00' + INTERVAL (i * ${days} // ${scans}) DAY
          + INTERVAL (i * ${days} % ${scans} * 36000 // ${scans}) SECOND AS moment
      ${numbers}
    )`
}

function heightmaps(scans: string): string {
  return `
    SELECT scan_id, revision, batch_id, 'part.tmd' AS file_name, bronze_path, content_sha256 AS sha256, 1275635 AS byte_count,
      618 AS columns, 516 AS rows, 6.78 AS length_x_mm, 5.66 AS length_y_mm, true AS is_complete, -0.1 AS min_mm,
      (hash(i) % 1000) / 1e5 AS max_mm, (hash(i) % 999) / 1e6 AS mean_mm, 0.002 AS sa_mm, 0.003 AS sq_mm, 0.0 AS nodata_share
    FROM (${scans})`
}

/** Columns of bronze.measurements and of fact_measurements: four measurements of each of the five routines. */
function measurements(scans: string): string {
  const named = `['offset', 'width', 'depth', 'length'][1 + m % 4]`
  return `
    SELECT s.*, o.*, CAST(hash(i, m) >> 4 AS BIGINT) AS measurement_id, CAST(hash(i, m // 4) >> 4 AS BIGINT) AS shape_id,
      base + (hash(i, m) % 10000) / 1e6 AS measurement_value, base + (hash(i, m) % 10000) / 1e6 AS value,
      hash(i, m) % 10000 <= 9500 AS pass_fail_flag, hash(i, m) % 10000 <= 9500 AS within_tolerance, true AS passed_analysis,
      0.95 - (hash(i) % 3) / 20 AS confidence_score, false AS is_debug
    FROM (${scans}) AS s, (
      SELECT m, 0.25 + m / 100 AS base, 0.24 + m / 100 AS tolerance_min, 0.2595 + m / 100 AS tolerance_max, 'mm' AS measurement_unit,
        'mm' AS value_unit, ${named} AS measurement_name, ${named} AS result_name, routine_type, hash_key(routine_type) AS routine_id,
        true AS is_configured, 'scalar' AS result_kind, m // 4 || '' AS routine_instance_id, m % 4 AS ordinal
      FROM (SELECT m, ${types}[1 + m // 4] AS routine_type FROM range(${perScan}) AS u(m))
    ) AS o`
}
