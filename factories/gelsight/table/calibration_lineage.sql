WITH new_revisions AS (
  SELECT scan_id, revision FROM bronze.scans WHERE batch_id = $batch
)
SELECT
  hash_key(m.scan_id, m.revision, m.calibration_sk) AS lineage_id,
  m.scan_id,
  m.calibration_sk,
  CAST($processed_at AS TIMESTAMP) AS applied_date,
  CASE
    WHEN n.scan_id IS NULL THEN 'late calibration'
    WHEN m.revision > 0 THEN 'new revision'
    ELSE 'new scan'
  END || CASE WHEN m.calibration_match = 'valid' THEN '' ELSE ', calibration ' || m.calibration_match END AS processing_context,
  m.revision,
  m.calibration_id,
  $batch AS batch_id
FROM silver.fact_scan_metadata m
LEFT JOIN new_revisions n ON n.scan_id = m.scan_id AND n.revision = m.revision
WHERE m.batch_id = $batch AND m.processing_status <> 'FAILED'
