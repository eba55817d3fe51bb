WITH
touched AS (
  SELECT DISTINCT CAST(coalesce(created_at, ingested_at) AS DATE) AS report_date, coalesce(device_id, 'unknown') AS device_id
  FROM bronze.scans
  WHERE scan_id IN (SELECT scan_id FROM silver.fact_scan_metadata WHERE batch_id = $batch)
),
measured AS (
  SELECT
    t.report_date, t.device_id, f.routine_id, f.measurement_name, coalesce(f.measurement_unit, '') AS measurement_unit,
    f.measurement_value AS value, f.pass_fail_flag, f.tolerance_min, f.tolerance_max, f.confidence_score,
    f.gel_id, f.calibration_sk, f.measurement_id, f.scan_timestamp
  FROM silver.fact_measurements f
  JOIN touched t ON t.report_date = f.scan_date AND t.device_id = coalesce(f.device_id, 'unknown')
  -- Beyond this a square overflows; the quality check of silver reports such values.
  WHERE abs(f.measurement_value) < 1e100
),
neighbours AS (
  SELECT
    *,
    lag(value) OVER series AS value_before,
    gel_id IS NOT DISTINCT FROM lag(gel_id) OVER series
      AND calibration_sk = lag(calibration_sk) OVER series AS same_setup
  FROM measured
  WINDOW series AS (
    PARTITION BY report_date, device_id, routine_id, measurement_name, measurement_unit
    ORDER BY scan_timestamp, measurement_id
  )
),
groups AS (
  SELECT
    report_date, device_id, routine_id, measurement_name, measurement_unit,
    count(*) AS n,
    count(pass_fail_flag) AS judged,
    count(*) FILTER (WHERE pass_fail_flag) AS passes,
    sorted_avg(value) AS mean,
    sorted_stddev_samp(value) AS sd,
    min(value) AS min,
    max(value) AS max,
    -- Interpolation may pass the ends by a rounding.
    least(greatest(quantile_cont(value, 0.05), min(value)), max(value)) AS p05,
    least(greatest(quantile_cont(value, 0.5), min(value)), max(value)) AS p50,
    least(greatest(quantile_cont(value, 0.95), min(value)), max(value)) AS p95,
    CASE WHEN count(tolerance_min) = count(*) AND min(tolerance_min) = max(tolerance_min) THEN min(tolerance_min) END AS tolerance_min,
    CASE WHEN count(tolerance_max) = count(*) AND min(tolerance_max) = max(tolerance_max) THEN min(tolerance_max) END AS tolerance_max,
    -- 1.128 is d2 of two neighbours. No spread seen is no estimate of it.
    nullif(sorted_avg(CASE WHEN same_setup THEN abs(value - value_before) END) / 1.128, 0) AS sd_within,
    -- A score has four decimals; adding up doubles would depend on their order.
    avg(CAST(confidence_score AS DECIMAL(9, 4))) AS mean_confidence
  FROM neighbours
  GROUP BY report_date, device_id, routine_id, measurement_name, measurement_unit
),
capable AS (
  SELECT
    *,
    (tolerance_max - tolerance_min) / (6 * sd_within) AS cp,
    least((tolerance_max - mean) / (3 * sd_within), (mean - tolerance_min) / (3 * sd_within)) AS cpk,
    (tolerance_max - tolerance_min) / (6 * nullif(sd, 0)) AS pp,
    least((tolerance_max - mean) / (3 * nullif(sd, 0)), (mean - tolerance_min) / (3 * nullif(sd, 0))) AS ppk
  FROM groups
)
SELECT
  c.report_date,
  c.device_id,
  c.routine_id,
  r.routine_name,
  c.measurement_name,
  c.measurement_unit,
  c.n,
  c.judged,
  c.passes,
  c.passes / nullif(c.judged, 0) AS pass_rate,
  c.mean,
  c.sd,
  c.min,
  c.max,
  c.p05,
  c.p50,
  c.p95,
  c.tolerance_min,
  c.tolerance_max,
  c.sd_within,
  c.cp,
  c.cpk,
  c.cpk - 1.96 * sqrt(1.0 / (9 * c.n) + c.cpk * c.cpk / (2 * nullif(c.n - 1, 0))) AS cpk_lower,
  c.cpk + 1.96 * sqrt(1.0 / (9 * c.n) + c.cpk * c.cpk / (2 * nullif(c.n - 1, 0))) AS cpk_upper,
  c.pp,
  c.ppk,
  c.n < 30 AS is_provisional,
  c.mean_confidence,
  $batch AS batch_id,
  CAST($processed_at AS TIMESTAMP) AS processed_date
FROM capable c
LEFT JOIN silver.dim_routines r ON r.routine_id = c.routine_id
