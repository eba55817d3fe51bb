-- What was applied before is known and stays as it was written then.
WITH seen AS (
  SELECT DISTINCT scan_id, revision FROM silver.calibration_lineage
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
    -- Whatever batch got to it first: it is new where nothing was applied to it before.
    WHEN s.scan_id IS NULL AND m.revision > 0 THEN 'new revision'
    WHEN s.scan_id IS NULL THEN 'new scan'
    WHEN c.calibration_id IS NOT NULL THEN 'late calibration'
    ELSE 'rebuild'
  END || CASE WHEN m.calibration_match = 'valid' THEN '' ELSE ', calibration ' || m.calibration_match END AS processing_context,
  m.revision,
  m.calibration_id,
  $batch AS batch_id
FROM silver.fact_scan_metadata m
LEFT JOIN seen s ON s.scan_id = m.scan_id AND s.revision = m.revision
LEFT JOIN new_calibrations c ON c.calibration_id = m.calibration_id
LEFT JOIN silver.calibration_lineage known ON known.lineage_id = hash_key(m.scan_id, m.revision, m.calibration_sk)
WHERE known.lineage_id IS NULL AND m.batch_id = $batch AND m.processing_status <> 'FAILED'
