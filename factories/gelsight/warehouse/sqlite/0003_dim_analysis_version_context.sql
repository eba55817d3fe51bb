-- Written from table/dim_analysis_version_context.yaml by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "dim_analysis_version_context" (
  "version_context_id" INTEGER NOT NULL,
  "sdk_version" TEXT,
  "app_version" TEXT,
  "device_firmware" TEXT,
  "calibration_version" TEXT,
  "scan_date_range_start" TEXT,
  "scan_date_range_end" TEXT,
  "scan_count" INTEGER NOT NULL,
  "batch_id" TEXT NOT NULL,
  PRIMARY KEY ("version_context_id")
) STRICT;
