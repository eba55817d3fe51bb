-- Written from table/dim_routines.yaml by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "dim_routines" (
  "routine_id" INTEGER NOT NULL,
  "routine_name" TEXT NOT NULL,
  "routine_description" TEXT,
  "measurement_count" INTEGER NOT NULL,
  "is_active" INTEGER NOT NULL CHECK ("is_active" IN (0, 1)),
  "created_date" TEXT,
  "routine_type" TEXT NOT NULL,
  "is_configured" INTEGER NOT NULL CHECK ("is_configured" IN (0, 1)),
  "batch_id" TEXT NOT NULL,
  PRIMARY KEY ("routine_id")
) STRICT;
