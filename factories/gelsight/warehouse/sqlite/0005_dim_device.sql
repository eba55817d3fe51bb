-- Written from table/dim_device.yaml by "npm run ddl"; a change of the table becomes another script.

CREATE TABLE IF NOT EXISTS "dim_device" (
  "device_id" TEXT NOT NULL,
  "device_model" TEXT,
  "device_firmware" TEXT,
  "camera_id" TEXT,
  "lens_serial" TEXT,
  "created_date" TEXT NOT NULL,
  "device_configuration" TEXT,
  "first_seen" TEXT,
  "last_seen" TEXT,
  "batch_id" TEXT NOT NULL,
  "processed_date" TEXT NOT NULL,
  PRIMARY KEY ("device_id")
) STRICT;
