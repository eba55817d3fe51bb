-- What was applied before is known and stays as it was written then.
WITH new_revisions AS (
  SELECT scan_id, revision FROM bronze.scans WHERE batch_id = $batch
),
new_calibrations AS (
  SELECT DISTINCT calibration_id FROM bronze.calibrations WHERE batch_id = $batch
)
SELECT
  hash_key(m.scan_id, m.revision, m.calibration_sk) AS lineage_id,
  m.scan_id,
  m.calibration_sk,
  CAST($processed_at AS TIMESTAMP) AS applied_date,
  CASE
    WHEN n.scan_id IS NOT NULL AND m.revision > 0 THEN 'new revision'
    WHEN n.scan_id IS NOT NULL THEN 'new scan'
    WHEN c.calibration_id IS NOT NULL THEN 'late calibration'
    ELSE 'rebuild'
  END || CASE WHEN m.calibration_match = 'valid' THEN '' ELSE ', calibration ' || m.calibration_match END AS processing_context,
  m.revision,
  m.calibration_id,
  $batch AS batch_id
FROM silver.fact_scan_metadata m
LEFT JOIN new_revisions n ON n.scan_id = m.scan_id AND n.revision = m.revision
LEFT JOIN new_calibrations c ON c.calibration_id = m.calibration_id
LEFT JOIN silver.calibration_lineage known ON known.lineage_id = hash_key(m.scan_id, m.revision, m.calibration_sk)
WHERE known.lineage_id IS NULL AND m.batch_id = $batch AND m.processing_status <> 'FAILED'
