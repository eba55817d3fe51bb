-- Written from table/ingestion_log.yaml by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "ingestion_log" (
  "log_id" TEXT NOT NULL,
  "scan_id" TEXT,
  "batch_id" TEXT NOT NULL,
  "source_path" TEXT NOT NULL,
  "target_path_bronze" TEXT,
  "file_count" INTEGER NOT NULL,
  "total_bytes" INTEGER NOT NULL,
  "parse_status" TEXT NOT NULL,
  "error_message" TEXT,
  "processing_start_time" TEXT NOT NULL,
  "processing_end_time" TEXT NOT NULL,
  "duration_seconds" REAL NOT NULL,
  "outcome" TEXT NOT NULL,
  "revision" INTEGER,
  PRIMARY KEY ("log_id")
) STRICT;
