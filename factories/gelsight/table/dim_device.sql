WITH seen AS (
  SELECT device_id, device_model, device_firmware, device_configuration, camera_id, lens_serial,
    created_at AS seen_at, ingested_at, batch_id
  FROM bronze.scans WHERE device_id IS NOT NULL
  UNION ALL
  SELECT device_id, device_model, device_firmware, device_configuration, camera_id, lens_serial,
    effective_at AS seen_at, ingested_at, batch_id
  FROM bronze.calibrations WHERE device_id IS NOT NULL
),
touched AS (
  SELECT DISTINCT device_id FROM seen WHERE batch_id = $batch
),
-- Where a file says nothing, what an earlier one said still holds. Ties go to the greater text, so that no run differs.
ordered AS (
  SELECT s.*, coalesce(s.seen_at, s.ingested_at) AS told_at
  FROM seen s JOIN touched t ON t.device_id = s.device_id
)
SELECT
  device_id,
  max_by(device_model, struct_pack(told := told_at, tie := device_model)) FILTER (WHERE device_model IS NOT NULL) AS device_model,
  max_by(device_firmware, struct_pack(told := told_at, tie := device_firmware)) FILTER (WHERE device_firmware IS NOT NULL) AS device_firmware,
  max_by(camera_id, struct_pack(told := told_at, tie := camera_id)) FILTER (WHERE camera_id IS NOT NULL) AS camera_id,
  max_by(lens_serial, struct_pack(told := told_at, tie := lens_serial)) FILTER (WHERE lens_serial IS NOT NULL) AS lens_serial,
  min(ingested_at) AS created_date,
  max_by(device_configuration, struct_pack(told := told_at, tie := device_configuration))
    FILTER (WHERE device_configuration IS NOT NULL) AS device_configuration,
  min(seen_at) AS first_seen,
  max(seen_at) AS last_seen,
  $batch AS batch_id,
  CAST($processed_at AS TIMESTAMP) AS processed_date
FROM ordered
GROUP BY device_id
