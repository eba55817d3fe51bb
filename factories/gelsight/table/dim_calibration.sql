-- Every content of the calibrations that came with this batch. Which of two contents with one time counts is said by `precedence`:
-- the verified one, then the later arrival.
SELECT
  calibration_id,
  device_id,
  mm_per_pixel AS mmperpixel,
  linfit_json,
  quadfit_json,
  is_verified,
  effective_at AS effective_date,
  content_sha256,
  device_model,
  device_firmware,
  magnification,
  groove_depth,
  nominal_depth,
  standard_serial,
  verified_by,
  bronze_path AS source_path,
  CAST(effective_at AS DATE) AS version_date,
  CASE WHEN is_verified THEN '1' ELSE '0' END || ' ' || CAST(ingested_at AS VARCHAR) || ' ' || content_sha256 AS precedence,
  batch_id,
  ingested_at AS created_date
FROM bronze.calibrations
WHERE batch_id = $batch
