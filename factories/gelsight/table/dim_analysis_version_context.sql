SELECT
  version_context_id,
  min(sdk_version) AS sdk_version,
  min(app_version) AS app_version,
  min(device_firmware) AS device_firmware,
  min(calibration_version) AS calibration_version,
  min(scan_timestamp) AS scan_date_range_start,
  max(scan_timestamp) AS scan_date_range_end,
  count(*) AS scan_count,
  $batch AS batch_id
FROM silver.fact_scan_metadata
WHERE version_context_id IS NOT NULL
GROUP BY version_context_id
