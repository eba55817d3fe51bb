WITH
configured_routines AS (
  SELECT unnest(from_json(json_extract(document, '$.routines'), '[{"type":"VARCHAR","results":[{"name":"VARCHAR","unit":"VARCHAR",
    "tolerance_min":"DOUBLE","tolerance_max":"DOUBLE","nominal":"VARCHAR","lower":"DOUBLE","upper":"DOUBLE"}]}]')) AS routine
  FROM config.routine_schemas
),
configured_results AS (
  SELECT routine_type, result.name AS measurement_name, lower(result.name) AS result_name,
    -- µ comes as U+00B5 or U+03BC, and people write um.
    CASE replace(result.unit, 'μ', 'µ') WHEN 'um' THEN 'µm' WHEN 'mm2' THEN 'mm²' WHEN 'mm3' THEN 'mm³'
      ELSE replace(result.unit, 'μ', 'µ') END AS unit,
    result.tolerance_min, result.tolerance_max, lower(result.nominal) AS nominal, result.lower, result.upper
  FROM (SELECT routine.type AS routine_type, unnest(routine.results) AS result FROM configured_routines)
),
gels AS (
  SELECT CAST(json_extract(document, '$.gels.max_uses') AS INTEGER) AS max_uses FROM config.routine_schemas
),
-- The scans that this batch touches: fact_scan_metadata was built for them just before.
affected AS (
  SELECT * FROM silver.fact_scan_metadata WHERE batch_id = $batch AND processing_status <> 'FAILED'
),
-- Two routines of a hand-edited scan may share an id: the first of their results counts, the check of bronze finds them all.
results AS (
  SELECT
    m.* EXCLUDE (batch_id, value_unit),
    row_number() OVER (
      PARTITION BY m.scan_id, m.routine_instance_id, lower(m.result_name) ORDER BY m.ordinal, m.routine_type, m.value_text
    ) AS place,
    CASE m.value_unit WHEN 'um' THEN 'µm' WHEN 'mm2' THEN 'mm²' WHEN 'mm3' THEN 'mm³' ELSE m.value_unit END AS value_unit
  FROM bronze.measurements m
  JOIN affected a ON a.scan_id = m.scan_id AND a.revision = m.revision
),
-- Where a routine found something: its point, else its circle.
places AS (
  SELECT scan_id, routine_instance_id,
    min_by(x_pixel, struct_pack(other := result_name <> 'point', ordinal := ordinal)) AS x_pixel,
    min_by(y_pixel, struct_pack(other := result_name <> 'point', ordinal := ordinal)) AS y_pixel
  FROM results
  WHERE x_pixel IS NOT NULL AND y_pixel IS NOT NULL AND (result_name = 'point' OR result_kind = 'circle')
  GROUP BY scan_id, routine_instance_id
),
chosen AS (
  SELECT
    r.*, c.routine_type IS NOT NULL AS is_configured, coalesce(c.measurement_name, r.result_name) AS measurement_name,
    c.unit AS configured_unit, c.tolerance_min AS absolute_min, c.tolerance_max AS absolute_max, c.nominal, c.lower, c.upper
  FROM results r
  LEFT JOIN configured_results c ON c.routine_type = r.routine_type AND c.result_name = lower(r.result_name)
  WHERE r.place = 1
    AND r.value IS NOT NULL
    AND (
      c.result_name IS NOT NULL
      OR (
        r.result_kind = 'scalar' AND r.value_unit IS NOT NULL
        AND r.routine_type NOT IN (SELECT routine.type FROM configured_routines WHERE routine.type IS NOT NULL)
      )
    )
),
scaled AS (
  SELECT
    c.*,
    CASE
      WHEN c.configured_unit IS NULL OR c.value_unit IS NULL OR c.value_unit = c.configured_unit THEN 1.0
      WHEN c.value_unit = 'mm' AND c.configured_unit = 'µm' THEN 1000.0
      WHEN c.value_unit = 'µm' AND c.configured_unit = 'mm' THEN 0.001
    END AS factor,
    CASE
      WHEN n.value_unit = 'mm' AND c.configured_unit = 'µm' THEN n.value * 1000.0
      WHEN n.value_unit = 'µm' AND c.configured_unit = 'mm' THEN n.value * 0.001
      ELSE n.value
    END AS nominal_value
  FROM chosen c
  LEFT JOIN results n
    ON n.scan_id = c.scan_id AND n.routine_instance_id = c.routine_instance_id AND lower(n.result_name) = c.nominal AND n.place = 1
),
-- A value in a unit of another kind keeps its own unit, and no tolerance is applied to it.
measured AS (
  SELECT
    s.*,
    s.value * coalesce(s.factor, 1.0) AS measurement_value,
    CASE WHEN s.factor IS NULL OR s.configured_unit IS NULL THEN s.value_unit ELSE s.configured_unit END AS measurement_unit,
    CASE WHEN s.factor IS NOT NULL THEN coalesce(s.absolute_min, s.nominal_value + s.lower) END AS tolerance_min,
    CASE WHEN s.factor IS NOT NULL THEN coalesce(s.absolute_max, s.nominal_value + s.upper) END AS tolerance_max
  FROM scaled s
),
judged AS (
  SELECT
    m.*,
    CASE
      WHEN m.tolerance_min IS NULL AND m.tolerance_max IS NULL THEN NULL
      ELSE coalesce(m.measurement_value >= m.tolerance_min, true) AND coalesce(m.measurement_value <= m.tolerance_max, true)
    END AS within_tolerance
  FROM measured m
),
placed AS (
  SELECT
    j.*,
    CASE WHEN j.primary_shape_id IS NOT NULL THEN hash_key(j.scan_id, j.primary_shape_id) END AS shape_id,
    coalesce(j.x_pixel, p.x_pixel, d.x_pixel) AS place_x,
    coalesce(j.y_pixel, p.y_pixel, d.y_pixel) AS place_y
  FROM judged j
  LEFT JOIN places p ON p.scan_id = j.scan_id AND p.routine_instance_id = j.routine_instance_id
  LEFT JOIN silver.dim_shapes d
    ON d.scan_id = j.scan_id AND d.revision = j.revision AND d.source_shape_id = j.primary_shape_id
)
SELECT
  hash_key(p.scan_id, p.routine_instance_id, lower(p.result_name)) AS measurement_id,
  p.scan_id,
  hash_key(p.routine_type) AS routine_id,
  p.shape_id,
  a.calibration_sk,
  a.version_context_id,
  p.measurement_name,
  p.measurement_value,
  p.measurement_unit,
  p.tolerance_min,
  p.tolerance_max,
  CASE
    WHEN p.passed_analysis IS NULL AND p.within_tolerance IS NULL THEN NULL
    ELSE coalesce(p.passed_analysis, true) AND coalesce(p.within_tolerance, true)
  END AS pass_fail_flag,
  -- Weights and half credit for the unknown: docs/internals/measurements.md.
  round(
    0.40 * CASE WHEN p.passed_analysis THEN 1.0 WHEN NOT p.passed_analysis THEN 0.0 ELSE 0.5 END
    + 0.25 * CASE WHEN a.calibration_sk = -1 THEN 0.0 WHEN a.calibration_verified THEN 1.0 ELSE 0.5 END
    + 0.10 * CASE
        WHEN a.gel_use_by IS NULL OR a.scan_timestamp IS NULL THEN 0.5
        WHEN CAST(a.scan_timestamp AS DATE) <= CAST(a.gel_use_by AS DATE) THEN 1.0
        ELSE 0.0
      END
    + 0.05 * CASE
        WHEN a.gel_use_count IS NULL OR g.max_uses IS NULL THEN 0.5
        WHEN a.gel_use_count <= g.max_uses THEN 1.0
        ELSE 0.0
      END
    + 0.10 * CASE WHEN p.is_debug THEN 0.0 WHEN NOT p.is_debug THEN 1.0 ELSE 0.5 END
    + 0.10 * CASE WHEN a.is_aligned THEN 1.0 WHEN NOT a.is_aligned THEN 0.0 ELSE 0.5 END,
    4
  ) AS confidence_score,
  p.place_x AS x_pixel,
  p.place_y AS y_pixel,
  p.place_x * a.mmperpixel_used AS x_mm,
  p.place_y * a.mmperpixel_used AS y_mm,
  a.created_date,
  CAST($processed_at AS TIMESTAMP) AS processed_date,
  p.value_text,
  p.passed_analysis,
  p.within_tolerance,
  p.is_debug,
  p.is_configured,
  p.configured_unit,
  p.routine_type,
  p.routine_instance_id,
  a.device_id,
  a.operator_name,
  a.gel_id,
  a.scan_timestamp,
  a.scan_date,
  p.revision,
  a.year,
  a.month,
  $batch AS batch_id
FROM placed p
JOIN affected a ON a.scan_id = p.scan_id
CROSS JOIN gels g
