-- I-MR chart of daily means. Constants for two neighbours: d2 1.128, X limits 2.659, MR limit 3.267.
-- Days that the batch does not touch are taken from this table itself: a new day costs nothing for the years before it.
WITH
touched_days AS (
  SELECT DISTINCT
    CAST(coalesce(s.created_at, s.ingested_at) AS DATE) AS trend_date, coalesce(s.device_id, 'unknown') AS device_id,
    hash_key(m.routine_type) AS routine_id
  FROM bronze.scans s
  JOIN bronze.measurements m ON m.scan_id = s.scan_id AND m.revision = s.revision
  WHERE s.scan_id IN (SELECT scan_id FROM silver.fact_scan_metadata WHERE batch_id = $batch)
),
touched AS (
  SELECT DISTINCT device_id, routine_id FROM touched_days
),
days AS (
  SELECT
    f.scan_date AS trend_date, t.device_id, t.routine_id, f.measurement_name,
    coalesce(f.measurement_unit, '') AS measurement_unit, coalesce(f.gel_id, 'unknown') AS gel_id, f.calibration_sk,
    count(*) AS n, sorted_avg(f.measurement_value) AS value, min(coalesce(f.scan_timestamp, f.created_date)) AS first_at
  FROM silver.fact_measurements f
  JOIN touched_days t
    ON t.trend_date = f.scan_date AND t.device_id = coalesce(f.device_id, 'unknown') AND t.routine_id = f.routine_id
  WHERE abs(f.measurement_value) < 1e100
  GROUP BY ALL
  UNION ALL
  SELECT
    g.trend_date, g.device_id, g.routine_id, g.measurement_name, g.measurement_unit, g.gel_id, g.calibration_sk, g.n, g.value,
    coalesce(g.first_at, CAST(g.trend_date AS TIMESTAMP)) AS first_at
  FROM gold.measurement_trends g
  JOIN touched t ON t.device_id = g.device_id AND t.routine_id = g.routine_id
  LEFT JOIN touched_days d
    ON d.trend_date = g.trend_date AND d.device_id = g.device_id AND d.routine_id = g.routine_id
  WHERE d.trend_date IS NULL
),
changes AS (
  SELECT
    *,
    CASE
      WHEN gel_id = lag(gel_id) OVER series AND calibration_sk = lag(calibration_sk) OVER series THEN 0
      ELSE 1
    END AS starts
  FROM days
  WINDOW series AS (
    PARTITION BY device_id, routine_id, measurement_name, measurement_unit
    ORDER BY trend_date, first_at, gel_id, calibration_sk
  )
),
segments AS (
  SELECT
    * EXCLUDE (starts),
    sum(starts) OVER (
      PARTITION BY device_id, routine_id, measurement_name, measurement_unit
      ORDER BY trend_date, first_at, gel_id, calibration_sk
    ) AS segment
  FROM changes
),
points AS (
  SELECT
    *,
    row_number() OVER in_segment AS point,
    value - lag(value) OVER in_segment AS step
  FROM segments
  WINDOW in_segment AS (
    PARTITION BY device_id, routine_id, measurement_name, measurement_unit, segment
    ORDER BY trend_date, first_at, gel_id, calibration_sk
  )
),
limits AS (
  SELECT
    device_id, routine_id, measurement_name, measurement_unit, segment,
    min(trend_date) AS segment_start, max(trend_date) AS baseline_end, count(*) AS baseline_points,
    sorted_avg(value) AS centre, sorted_avg(abs(step)) AS mr_mean
  FROM points
  WHERE point <= 25
  GROUP BY device_id, routine_id, measurement_name, measurement_unit, segment
),
charted AS (
  SELECT
    p.*, l.segment_start, l.baseline_end, l.baseline_points, l.centre, l.mr_mean,
    -- Computed as three sigma, a limit would differ from the published constant in the fourth digit.
    l.centre - 2.659 * l.mr_mean AS lcl,
    l.centre + 2.659 * l.mr_mean AS ucl,
    sign(p.value - l.centre) AS side,
    sign(p.step) AS direction
  FROM points p
  JOIN limits l
    ON l.device_id = p.device_id AND l.routine_id = p.routine_id AND l.measurement_name = p.measurement_name
    AND l.measurement_unit = p.measurement_unit AND l.segment = p.segment
),
-- Rows that follow each other with one side have one difference between their place and their place among that side.
islands AS (
  SELECT
    *,
    point - row_number() OVER (
      PARTITION BY device_id, routine_id, measurement_name, measurement_unit, segment, side ORDER BY point
    ) AS side_island,
    point - row_number() OVER (
      PARTITION BY device_id, routine_id, measurement_name, measurement_unit, segment, direction ORDER BY point
    ) AS direction_island
  FROM charted
),
runs AS (
  SELECT
    *,
    CASE WHEN side = 0 THEN 0 ELSE row_number() OVER (
      PARTITION BY device_id, routine_id, measurement_name, measurement_unit, segment, side, side_island ORDER BY point
    ) END AS side_run,
    CASE WHEN direction IS NULL OR direction = 0 THEN 0 ELSE row_number() OVER (
      PARTITION BY device_id, routine_id, measurement_name, measurement_unit, segment, direction, direction_island ORDER BY point
    ) END AS direction_run
  FROM islands
)
SELECT
  r.trend_date,
  r.device_id,
  r.routine_id,
  d.routine_name,
  r.measurement_name,
  r.measurement_unit,
  r.gel_id,
  r.calibration_sk,
  CAST(r.segment AS INTEGER) AS segment,
  CAST(r.point AS INTEGER) AS point,
  r.n,
  r.value,
  r.first_at,
  abs(r.step) AS moving_range,
  r.centre,
  r.mr_mean / 1.128 AS sigma,
  r.lcl,
  r.ucl,
  r.mr_mean,
  3.267 * r.mr_mean AS mr_ucl,
  r.segment_start,
  r.baseline_end,
  CAST(r.baseline_points AS INTEGER) AS baseline_points,
  r.baseline_points >= 25 AS limits_frozen,
  avg(r.value) OVER seven AS moving_average,
  CASE
    WHEN r.point > 1 THEN regr_slope(r.value, CAST(date_diff('day', DATE '2000-01-01', r.trend_date) AS DOUBLE)) OVER seven
  END AS slope_per_day,
  coalesce(r.value < r.lcl OR r.value > r.ucl, false) AS nelson_1,
  r.side_run >= 9 AS nelson_2,
  -- Six points are five steps.
  r.direction_run >= 5 AS nelson_3,
  coalesce(abs(r.step) > 3.267 * r.mr_mean, false) AS mr_out_of_control,
  $batch AS batch_id,
  CAST($processed_at AS TIMESTAMP) AS processed_date
FROM runs r
LEFT JOIN silver.dim_routines d ON d.routine_id = r.routine_id
WINDOW seven AS (
  PARTITION BY r.device_id, r.routine_id, r.measurement_name, r.measurement_unit, r.segment
  ORDER BY r.point ROWS BETWEEN 6 PRECEDING AND CURRENT ROW
)
