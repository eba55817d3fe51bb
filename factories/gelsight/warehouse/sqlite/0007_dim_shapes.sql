-- Written from table/dim_shapes.yaml by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "dim_shapes" (
  "shape_id" INTEGER NOT NULL,
  "scan_id" TEXT NOT NULL,
  "shape_type" TEXT NOT NULL,
  "x_pixel" REAL,
  "y_pixel" REAL,
  "width" REAL,
  "height" REAL,
  "radius" REAL,
  "rotation" REAL,
  "created_date" TEXT NOT NULL,
  "source_shape_id" TEXT NOT NULL,
  "shape_name" TEXT,
  "x1" REAL,
  "y1" REAL,
  "x2" REAL,
  "y2" REAL,
  "revision" INTEGER NOT NULL,
  "batch_id" TEXT NOT NULL,
  "processed_date" TEXT NOT NULL,
  PRIMARY KEY ("shape_id")
) STRICT;
CREATE INDEX IF NOT EXISTS "dim_shapes__scan_id" ON "dim_shapes" ("scan_id");
