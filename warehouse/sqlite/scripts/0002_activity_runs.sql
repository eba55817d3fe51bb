-- Written from warehouse/run-tables.ts and loads-table.ts by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "activity_runs" (
  "activity_run_id" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "pipeline" TEXT NOT NULL,
  "activity" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "iteration_path" TEXT NOT NULL,
  "retry_attempt" INTEGER NOT NULL,
  "status" TEXT NOT NULL,
  "run_start" TEXT NOT NULL,
  "run_end" TEXT,
  "input" TEXT,
  "output" TEXT,
  "error_code" TEXT,
  "error_message" TEXT,
  "error_failure_type" TEXT,
  "error_details" TEXT,
  "user_properties" TEXT NOT NULL,
  PRIMARY KEY ("run_id", "activity", "iteration_path", "retry_attempt")
) STRICT;
