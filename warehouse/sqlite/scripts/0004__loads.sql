-- Written from warehouse/run-tables.ts and loads-table.ts by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "_loads" (
  "table_name" TEXT NOT NULL,
  "load_number" INTEGER NOT NULL,
  "source_id" TEXT NOT NULL,
  "source_version" INTEGER NOT NULL,
  "batch" TEXT NOT NULL,
  "rows_deleted" INTEGER NOT NULL,
  "rows_upserted" INTEGER NOT NULL,
  "loaded_at" TEXT NOT NULL,
  PRIMARY KEY ("table_name", "load_number")
) STRICT;
