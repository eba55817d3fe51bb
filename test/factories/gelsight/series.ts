import type { Row } from '../../../tables/rows/values.ts'
import { resultRow, scanRow } from './bronze-rows.ts'
import type { GelsightTables } from './gelsight-tables.ts'

/** One scan of a series: what differs from a plain one. */
export interface Point {
  readonly value: number
  /** `2026-01-05`, at 10:00 unless a time follows. */
  readonly at: string
  readonly scan?: Row
  readonly result?: Row
}

/** The day `n` days after 2026-01-01. */
export function day(n: number): string {
  return new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10)
}

/** Brings a batch of scans with one value each into silver. Scans are named by batch and place. */
export async function addSeries(
  tables: GelsightTables,
  batch: string,
  points: readonly Point[],
): Promise<void> {
  const scans = points.map(({ at, scan }, i) =>
    scanRow({
      scan_id: `${batch}-${String(i).padStart(3, '0')}`,
      created_at: at.length === 10 ? `${at}T10:00:00Z` : at,
      calibration_id: null,
      ...scan,
    }),
  )
  await tables.bronze('scans', batch, scans)
  const results = points.map(({ value, result }, i) =>
    resultRow({
      scan_id: String(scans[i]?.['scan_id']),
      revision: Number(scans[i]?.['revision'] ?? 0),
      value,
      ...result,
    }),
  )
  await tables.bronze('measurements', batch, results)
  for (const table of ['dim_calibration', 'dim_routines', 'fact_scan_metadata', 'fact_measurements']) {
    await tables.build(`silver.${table}`, batch)
  }
}
