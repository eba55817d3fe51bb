-- Written from table/data_quality_metrics.yaml by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "data_quality_metrics" (
  "metric_id" INTEGER NOT NULL,
  "measurement_date" TEXT NOT NULL,
  "table_name" TEXT NOT NULL,
  "completeness_pct" REAL,
  "uniqueness_pct" REAL,
  "validity_pct" REAL,
  "consistency_score" REAL,
  "anomaly_count" INTEGER NOT NULL,
  "created_date" TEXT NOT NULL,
  "row_count" INTEGER NOT NULL,
  "quarantined_count" INTEGER NOT NULL,
  "batch_id" TEXT NOT NULL,
  PRIMARY KEY ("metric_id")
) STRICT;
