-- Written from table/calibration_lineage.yaml by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "calibration_lineage" (
  "lineage_id" INTEGER NOT NULL,
  "scan_id" TEXT NOT NULL,
  "calibration_sk" INTEGER NOT NULL,
  "applied_date" TEXT NOT NULL,
  "processing_context" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  "calibration_id" TEXT,
  "batch_id" TEXT NOT NULL,
  PRIMARY KEY ("lineage_id")
) STRICT;
