-- Written from warehouse/run-tables.ts and loads-table.ts by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "pipeline_runs" (
  "run_id" TEXT NOT NULL,
  "group_id" TEXT NOT NULL,
  "workflow_id" TEXT NOT NULL,
  "factory" TEXT NOT NULL,
  "environment" TEXT NOT NULL,
  "pipeline" TEXT NOT NULL,
  "plan_hash" TEXT NOT NULL,
  "batch" TEXT NOT NULL,
  "parameters" TEXT NOT NULL,
  "trigger_type" TEXT NOT NULL,
  "trigger_name" TEXT NOT NULL,
  "invoked_by_run_id" TEXT,
  "status" TEXT NOT NULL,
  "run_start" TEXT NOT NULL,
  "run_end" TEXT,
  "message" TEXT,
  "return_value" TEXT,
  PRIMARY KEY ("run_id")
) STRICT;
CREATE INDEX IF NOT EXISTS "pipeline_runs__workflow_id" ON "pipeline_runs" ("workflow_id");
CREATE INDEX IF NOT EXISTS "pipeline_runs__pipeline__run_start" ON "pipeline_runs" ("pipeline", "run_start");
CREATE INDEX IF NOT EXISTS "pipeline_runs__group_id" ON "pipeline_runs" ("group_id");
