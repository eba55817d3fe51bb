-- Written from warehouse/run-tables.ts and loads-table.ts by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "notifications" (
  "deduplication_key" TEXT NOT NULL,
  "channel" TEXT NOT NULL,
  "run_id" TEXT NOT NULL,
  "pipeline" TEXT NOT NULL,
  "severity" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "sent_at" TEXT NOT NULL,
  PRIMARY KEY ("deduplication_key", "channel")
) STRICT;
