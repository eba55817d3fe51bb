WITH
-- A scan names its calibration by a file; the calibration's own name may differ. The file beside the scan says it best.
beside AS (
  SELECT scan_id, revision,
    min_by(calibration_id, struct_pack(missing := content_sha256 IS NULL, id := calibration_id)) AS calibration_id
  FROM bronze.scan_calibrations
  GROUP BY scan_id, revision
),
by_file AS (
  SELECT regexp_replace(file_name, '\.[Yy][Aa]?[Mm][Ll]$', '') AS file_stem, min(calibration_id) AS calibration_id
  FROM bronze.calibrations
  GROUP BY 1
),
known AS (
  SELECT DISTINCT calibration_id FROM bronze.calibrations
),
current_scans AS (
  SELECT s.*
  FROM bronze.scans s
  JOIN (SELECT scan_id, max(revision) AS revision FROM bronze.scans GROUP BY scan_id) latest
    ON latest.scan_id = s.scan_id AND latest.revision = s.revision
),
named AS (
  SELECT
    s.scan_id,
    CASE WHEN k.calibration_id IS NOT NULL THEN k.calibration_id
      ELSE coalesce(f.calibration_id, b.calibration_id, s.calibration_id) END AS calibration_id,
    k.calibration_id IS NOT NULL OR f.calibration_id IS NOT NULL AS is_known
  FROM current_scans s
  LEFT JOIN beside b ON b.scan_id = s.scan_id AND b.revision = s.revision
  LEFT JOIN known k ON k.calibration_id = coalesce(b.calibration_id, s.calibration_id)
  LEFT JOIN by_file f ON f.file_stem = coalesce(b.calibration_id, s.calibration_id)
),
-- Scans of the batch, and scans whose calibration came with the batch: a late one may change which version held. What is built later
-- from these rows follows: rebuilding all of them rebuilds measurements and gold.
affected AS (
  SELECT scan_id FROM bronze.scans WHERE batch_id = $batch OR $rebuild
  UNION
  SELECT scan_id FROM named
  WHERE calibration_id IN (SELECT calibration_id FROM bronze.calibrations WHERE batch_id = $batch)
),
calibrated AS (
  SELECT
    s.*,
    n.calibration_id AS named_calibration,
    coalesce(d.calibration_sk, -1) AS calibration_sk,
    d.is_verified AS calibration_verified,
    CAST(d.version AS VARCHAR) AS calibration_version,
    CASE
      WHEN d.calibration_sk IS NOT NULL THEN 'valid'
      WHEN n.calibration_id IS NULL THEN 'not named'
      WHEN NOT n.is_known THEN 'not in lake'
      WHEN s.created_at IS NULL THEN 'no scan time'
      ELSE 'before first version'
    END AS calibration_match
  FROM current_scans s
  JOIN affected a ON a.scan_id = s.scan_id
  LEFT JOIN named n ON n.scan_id = s.scan_id
  LEFT JOIN silver.dim_calibration d
    ON d.calibration_id = n.calibration_id
    AND s.created_at >= d.effective_date
    AND (d.end_date IS NULL OR s.created_at < d.end_date)
),
-- Scans that could be named but not committed, in this or in any other batch.
failed AS (
  -- One of several by its id: real times of processing would differ from attempt to attempt.
  SELECT scan_id, min_by(source_path, log_id) AS source_path, min_by(error_message, log_id) AS error_message
  FROM bronze.ingestion_log
  WHERE batch_id = $batch AND outcome = 'quarantined' AND scan_id IS NOT NULL
    AND scan_id NOT IN (SELECT scan_id FROM bronze.scans)
  GROUP BY scan_id
),
rows_of_scans AS (
  SELECT
    scan_id, scan_id AS guid, device_id, operator_name, created_at AS scan_timestamp, mm_per_pixel AS mmperpixel_used,
    sdk_version, app_version, named_calibration AS calibration_id, image_count, is_aligned,
    CASE WHEN revision > 0 THEN 'REPROCESSING' ELSE 'SUCCESS' END AS processing_status,
    ingested_at AS created_date, revision, calibration_sk, calibration_match, calibration_verified, calibration_version,
    hash_key(sdk_version, app_version, device_firmware, calibration_version) AS version_context_id,
    device_firmware, gel_id, gel_product, gel_use_count, gel_use_by, routine_folder, scan_width, scan_height, source_path,
    bronze_path, CAST(NULL AS VARCHAR) AS error_message
  FROM calibrated
  UNION ALL
  SELECT
    scan_id, scan_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'FAILED', CAST($processed_at AS TIMESTAMP), NULL,
    -1, 'not named', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, source_path, NULL, error_message
  FROM failed
)
SELECT
  *,
  CAST(coalesce(scan_timestamp, created_date) AS DATE) AS scan_date,
  CAST(year(coalesce(scan_timestamp, created_date)) AS INTEGER) AS year,
  CAST(month(coalesce(scan_timestamp, created_date)) AS INTEGER) AS month,
  $batch AS batch_id,
  CAST($processed_at AS TIMESTAMP) AS processed_date
FROM rows_of_scans
