WITH
touched AS (
  SELECT DISTINCT CAST(coalesce(created_at, ingested_at) AS DATE) AS report_date
  FROM bronze.scans
  WHERE scan_id IN (SELECT scan_id FROM silver.fact_scan_metadata WHERE batch_id = $batch)
),
scans AS (
  SELECT m.*, t.report_date, coalesce(m.operator_name, 'unknown') AS operator
  FROM silver.fact_scan_metadata m
  JOIN touched t ON t.report_date = m.scan_date
  WHERE m.processing_status <> 'FAILED'
),
measured AS (
  SELECT f.*, s.report_date, s.operator
  FROM silver.fact_measurements f
  JOIN scans s ON s.scan_id = f.scan_id AND s.report_date = f.scan_date
  WHERE abs(f.measurement_value) < 1e100
),
judged AS (
  SELECT scan_id, bool_and(pass_fail_flag) AS passed
  FROM measured
  WHERE pass_fail_flag IS NOT NULL
  GROUP BY scan_id
),
in_order AS (
  SELECT
    s.*, j.passed,
    lag(j.passed) OVER turns AS passed_before,
    lag(s.scan_timestamp) OVER turns AS time_before
  FROM scans s
  LEFT JOIN judged j ON j.scan_id = s.scan_id
  WINDOW turns AS (PARTITION BY s.operator, s.device_id, s.routine_folder ORDER BY s.scan_timestamp, s.scan_id)
),
by_operator AS (
  SELECT
    report_date,
    operator,
    count(*) AS scans,
    count(passed) AS judged_scans,
    count(*) FILTER (WHERE passed) AS passed_scans,
    count(*) FILTER (
      WHERE revision > 0 OR (NOT passed_before AND scan_timestamp <= time_before + INTERVAL 10 MINUTE)
    ) AS rescans,
    min(scan_timestamp) AS first_scan,
    max(scan_timestamp) AS last_scan,
    count(scan_timestamp) AS timed_scans,
    count(DISTINCT device_id) AS devices_used,
    count(DISTINCT gel_id) AS gels_used,
    count(gel_id) AS gel_uses,
    max(gel_use_count) AS highest_gel_use_count,
    count(*) FILTER (WHERE CAST(scan_timestamp AS DATE) > CAST(gel_use_by AS DATE)) AS overdue_gel_scans
  FROM in_order
  GROUP BY report_date, operator
),
cohort AS (
  SELECT report_date, routine_id, measurement_name, measurement_unit, sorted_stddev_samp(measurement_value) AS sd
  FROM measured
  GROUP BY report_date, routine_id, measurement_name, measurement_unit
),
spread AS (
  SELECT report_date, operator, routine_id, measurement_name, measurement_unit,
    sorted_stddev_samp(measurement_value) AS sd, count(*) AS n
  FROM measured
  GROUP BY report_date, operator, routine_id, measurement_name, measurement_unit
),
compared AS (
  SELECT s.report_date, s.operator, sorted_sum(s.n * s.sd / c.sd) / sum(s.n) AS measurement_sd_ratio
  FROM spread s
  JOIN cohort c
    ON c.report_date = s.report_date AND c.routine_id = s.routine_id AND c.measurement_name = s.measurement_name
    AND c.measurement_unit IS NOT DISTINCT FROM s.measurement_unit
  WHERE s.sd IS NOT NULL AND c.sd > 0
  GROUP BY s.report_date, s.operator
),
values_of AS (
  -- A score has four decimals; adding up doubles would depend on their order.
  SELECT report_date, operator, count(*) AS measurements, avg(CAST(confidence_score AS DECIMAL(9, 4))) AS mean_confidence
  FROM measured
  GROUP BY report_date, operator
)
SELECT
  o.report_date,
  o.operator AS operator_name,
  o.scans,
  o.judged_scans,
  o.passed_scans,
  o.passed_scans / nullif(o.judged_scans, 0) AS pass_rate,
  o.rescans,
  o.rescans / o.scans AS rescan_rate,
  (o.timed_scans - 1) * 3600.0 / nullif(date_diff('second', o.first_scan, o.last_scan), 0) AS scans_per_hour,
  o.first_scan,
  o.last_scan,
  o.devices_used,
  o.gels_used,
  o.gel_uses,
  o.highest_gel_use_count,
  o.overdue_gel_scans,
  coalesce(v.measurements, 0) AS measurements,
  c.measurement_sd_ratio,
  v.mean_confidence,
  $batch AS batch_id,
  CAST($processed_at AS TIMESTAMP) AS processed_date
FROM by_operator o
LEFT JOIN values_of v ON v.report_date = o.report_date AND v.operator = o.operator
LEFT JOIN compared c ON c.report_date = o.report_date AND c.operator = o.operator
