-- Written from table/dim_calibration.yaml by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "dim_calibration" (
  "calibration_sk" INTEGER NOT NULL,
  "calibration_id" TEXT NOT NULL,
  "device_id" TEXT,
  "version" INTEGER NOT NULL,
  "mmperpixel" REAL,
  "linfit_json" TEXT,
  "quadfit_json" TEXT,
  "is_verified" INTEGER CHECK ("is_verified" IN (0, 1)),
  "effective_date" TEXT NOT NULL,
  "end_date" TEXT,
  "is_current" INTEGER NOT NULL CHECK ("is_current" IN (0, 1)),
  "content_sha256" TEXT NOT NULL,
  "device_model" TEXT,
  "device_firmware" TEXT,
  "magnification" REAL,
  "groove_depth" REAL,
  "nominal_depth" REAL,
  "standard_serial" TEXT,
  "verified_by" TEXT,
  "source_path" TEXT,
  "version_date" TEXT NOT NULL,
  "precedence" TEXT NOT NULL,
  "batch_id" TEXT NOT NULL,
  "created_date" TEXT NOT NULL,
  PRIMARY KEY ("calibration_sk")
) STRICT;
CREATE INDEX IF NOT EXISTS "dim_calibration__calibration_id" ON "dim_calibration" ("calibration_id");
