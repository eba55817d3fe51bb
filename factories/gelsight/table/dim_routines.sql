WITH configured AS (
  SELECT routine.type AS routine_type, routine.name AS routine_name, routine.description AS routine_description,
    coalesce(routine.is_active, true) AS is_active, len(routine.results) AS measurement_count
  FROM (
    SELECT unnest(from_json(json_extract(document, '$.routines'),
      '[{"type":"VARCHAR","name":"VARCHAR","description":"VARCHAR","is_active":"BOOLEAN","results":["JSON"]}]')) AS routine
    FROM config.routine_schemas
  )
),
seen AS (
  SELECT
    m.routine_type,
    min(m.routine_name) AS routine_name,
    min(s.ingested_at) AS created_date,
    count(DISTINCT CASE WHEN m.result_kind = 'scalar' AND m.value_unit IS NOT NULL THEN m.result_name END) AS measurement_count
  FROM bronze.measurements m
  JOIN bronze.scans s ON s.scan_id = m.scan_id AND s.revision = m.revision
  GROUP BY m.routine_type
)
SELECT
  hash_key(coalesce(c.routine_type, s.routine_type)) AS routine_id,
  coalesce(c.routine_name, s.routine_name, s.routine_type) AS routine_name,
  c.routine_description,
  CAST(coalesce(c.measurement_count, s.measurement_count) AS INTEGER) AS measurement_count,
  coalesce(c.is_active, true) AS is_active,
  s.created_date,
  coalesce(c.routine_type, s.routine_type) AS routine_type,
  c.routine_type IS NOT NULL AS is_configured,
  $batch AS batch_id
FROM configured c
FULL JOIN seen s ON s.routine_type = c.routine_type
