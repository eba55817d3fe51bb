import { tableContract } from '../../tables/contract.ts'

/** What an SCD 2 dimension of calibrations holds. */
export const dimension = tableContract.parse({
  name: 'silver.dim_measured',
  columns: [
    { name: 'calibration_sk', type: 'bigint', nullable: false },
    { name: 'calibration_id', type: 'string', nullable: false },
    { name: 'version', type: 'int', nullable: false },
    { name: 'content', type: 'bigint', nullable: false },
    { name: 'mmperpixel', type: 'double', nullable: false },
    { name: 'device_id', type: 'string', nullable: false },
    { name: 'effective_date', type: 'timestamp', nullable: false },
    { name: 'end_date', type: 'timestamp' },
    { name: 'is_current', type: 'boolean', nullable: false },
  ],
  key: ['calibration_sk'],
  materialization: {
    type: 'scd2',
    naturalKey: ['calibration_id'],
    sequence: 'effective_date',
    tracked: ['content', 'mmperpixel'],
    surrogateKey: 'calibration_sk',
    version: 'version',
  },
  checks: [{ id: 'mmperpixel.positive', sql: 'mmperpixel > 0' }],
})

export const changes = tableContract.parse({
  name: 'bronze.changes',
  columns: [
    { name: 'calibration_id', type: 'string', nullable: false },
    { name: 'content', type: 'bigint', nullable: false },
    { name: 'mmperpixel', type: 'double', nullable: false },
    { name: 'device_id', type: 'string', nullable: false },
    { name: 'effective_date', type: 'timestamp', nullable: false },
  ],
  key: [],
  materialization: { type: 'append' },
})

/** What a build selects. */
export const selected =
  'SELECT calibration_id, content, mmperpixel, device_id, effective_date FROM bronze.changes'

const day = 86_400_000_000
const start = 1_700_000_000_000_000
/** Days between two versions of a key, of which there are ten. */
const step = 10

/** The versions that are there: ten of each key, ten days apart. */
export function firstVersions(keys: number): string {
  return observed(
    `SELECT i // 10 AS key, ${start} + (i % 10) * ${step * day} + (i // 10) % 1000 AS moment, i AS content FROM range(${keys * 10}) t(i)`,
  )
}

/**
 * The changes: of ten, one is late and lies between versions that are there, five come together for one key, the others each alone at
 * the end of theirs. Times of a key all differ.
 */
export function newChanges(keys: number, count: number): string {
  const after = start + 10 * step * day
  return observed(`
    SELECT CASE WHEN i % 10 BETWEEN 1 AND 5 THEN (i // 10 * 10) % ${keys} ELSE i * 7 % ${keys} END AS key,
      CASE WHEN i % 10 = 0 THEN ${start} + (i // 10 % 9) * ${step * day} + ${5 * day} + i ELSE ${after} + i * 1000003 END AS moment,
      1000000000 + i AS content
    FROM range(${count}) t(i)`)
}

function observed(rows: string): string {
  return `
    SELECT format('Calib-{:06d}', key) AS calibration_id, content, 0.0069 + content % 1000 / 1e9 AS mmperpixel,
      format('000{:05d}', key % 500) AS device_id, make_timestamp(CAST(moment AS BIGINT)) AS effective_date
    FROM (${rows})`
}
