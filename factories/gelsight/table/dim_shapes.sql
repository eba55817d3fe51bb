WITH current_scans AS (
  SELECT scan_id, max(revision) AS revision, max_by(ingested_at, revision) AS ingested_at
  FROM bronze.scans
  WHERE scan_id IN (SELECT scan_id FROM bronze.scans WHERE batch_id = $batch)
  GROUP BY scan_id
),
-- A scan edited by hand may give an id twice: the first one in the order of their contents counts, the check of bronze finds them all.
numbered AS (
  SELECT s.*, row_number() OVER (PARTITION BY s.scan_id, s.revision, s.shape_id ORDER BY s.attributes_json, s.shape_type) AS place
  FROM bronze.shapes s
)
SELECT
  hash_key(s.scan_id, s.shape_id) AS shape_id,
  s.scan_id,
  s.shape_type,
  CASE
    WHEN s.shape_type = 'rectangle' THEN s.x + s.width / 2
    ELSE coalesce(s.x, (s.x1 + s.x2) / 2)
  END AS x_pixel,
  CASE
    WHEN s.shape_type = 'rectangle' THEN s.y + s.height / 2
    ELSE coalesce(s.y, (s.y1 + s.y2) / 2)
  END AS y_pixel,
  s.width,
  s.height,
  s.radius,
  s.rotation,
  c.ingested_at AS created_date,
  s.shape_id AS source_shape_id,
  s.shape_name,
  s.x1,
  s.y1,
  s.x2,
  s.y2,
  s.revision,
  $batch AS batch_id,
  CAST($processed_at AS TIMESTAMP) AS processed_date
FROM numbered s
JOIN current_scans c ON c.scan_id = s.scan_id AND c.revision = s.revision
WHERE s.place = 1
