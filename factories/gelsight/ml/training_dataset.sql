-- One row a scan. Features are named {routine}_{measurement}; a scan has those of its own routines, the rest is null. What routines
-- without configuration measure stands in measurements_json. The label comes from tolerances on the same measurements: leave the
-- measurement out that a model shall foresee.
WITH measured AS (
  SELECT
    scan_id,
    bool_and(pass_fail_flag) AS passed,
    count(*) AS measurement_count,
    min(confidence_score) AS lowest_confidence,
    max(measurement_value) FILTER (WHERE routine_type = 'Offset' AND measurement_name = 'offset') AS offset_offset_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'Offset' AND measurement_name = 'width') AS offset_width_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'DefectDetection' AND measurement_name = 'length') AS defect_length_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'DefectDetection' AND measurement_name = 'width') AS defect_width_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'DefectDetection' AND measurement_name = 'depth') AS defect_depth_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'DefectDetection' AND measurement_name = 'area') AS defect_area_mm2,
    max(measurement_value) FILTER (WHERE routine_type = 'DefectDetection' AND measurement_name = 'volume') AS defect_volume_mm3,
    max(measurement_value) FILTER (WHERE routine_type = 'HoleByEdge' AND measurement_name = 'diameter') AS hole_diameter_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'HoleByEdge' AND measurement_name = 'circularity') AS hole_circularity_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'PitDetection' AND measurement_name = 'length') AS pit_length_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'PitDetection' AND measurement_name = 'width') AS pit_width_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'PitDetection' AND measurement_name = 'depth') AS pit_depth_mm,
    max(measurement_value) FILTER (WHERE routine_type = 'PitDetection' AND measurement_name = 'area') AS pit_area_mm2,
    max(measurement_value) FILTER (WHERE routine_type = 'PitDetection' AND measurement_name = 'volume') AS pit_volume_mm3,
    max(measurement_value) FILTER (WHERE routine_type = 'SurfaceRoughness' AND measurement_name = 'Ra') AS roughness_ra_um,
    max(measurement_value) FILTER (WHERE routine_type = 'SurfaceRoughness' AND measurement_name = 'Rz') AS roughness_rz_um,
    max(measurement_value) FILTER (WHERE routine_type = 'SurfaceRoughness' AND measurement_name = 'Rq') AS roughness_rq_um,
    max(measurement_value) FILTER (WHERE routine_type = 'SurfaceRoughness' AND measurement_name = 'peak_count') AS roughness_peak_count,
    -- Sorted afterwards: a list that is ordered while it grows takes memory for every scan.
    CAST(to_json(list_sort(list(struct_pack(routine := routine_type, name := measurement_name, value := measurement_value,
      unit := measurement_unit)) FILTER (WHERE NOT is_configured))) AS VARCHAR) AS measurements_json
  FROM silver.fact_measurements
  GROUP BY scan_id
),
-- One height map a scan: the active one, else the first by name.
surface AS (
  SELECT h.scan_id, h.is_complete, h.columns, h.rows, h.length_x_mm, h.length_y_mm, h.min_mm, h.max_mm, h.mean_mm, h.sa_mm,
    h.sq_mm, h.nodata_share,
    row_number() OVER (
      PARTITION BY h.scan_id ORDER BY h.file_name IS DISTINCT FROM s.active_heightmap, h.file_name
    ) AS choice
  FROM bronze.heightmaps h
  JOIN silver.fact_scan_metadata m ON m.scan_id = h.scan_id AND m.revision = h.revision
  JOIN bronze.scans s ON s.scan_id = h.scan_id AND s.revision = h.revision
)
SELECT
  m.scan_id,
  m.scan_timestamp,
  m.device_id,
  d.device_model,
  m.device_firmware,
  m.sdk_version,
  m.app_version,
  m.gel_product,
  m.gel_use_count,
  date_diff('day', CAST(m.scan_timestamp AS DATE), CAST(m.gel_use_by AS DATE)) AS gel_days_left,
  m.image_count,
  m.is_aligned,
  m.mmperpixel_used,
  c.version AS calibration_version,
  c.is_verified AS calibration_verified,
  c.mmperpixel AS calibration_mmperpixel,
  c.groove_depth AS calibration_groove_depth_mm,
  date_diff('day', CAST(c.effective_date AS DATE), CAST(m.scan_timestamp AS DATE)) AS calibration_age_days,
  f.* EXCLUDE (scan_id, passed),
  h.columns AS heightmap_columns,
  h.rows AS heightmap_rows,
  h.length_x_mm AS heightmap_length_x_mm,
  h.length_y_mm AS heightmap_length_y_mm,
  h.min_mm AS heightmap_min_mm,
  h.max_mm AS heightmap_max_mm,
  h.mean_mm AS heightmap_mean_mm,
  h.sa_mm AS heightmap_sa_mm,
  h.sq_mm AS heightmap_sq_mm,
  h.nodata_share AS heightmap_nodata_share,
  CASE WHEN f.passed THEN 'pass' WHEN NOT f.passed THEN 'fail' END AS label
FROM silver.fact_scan_metadata m
JOIN measured f ON f.scan_id = m.scan_id
LEFT JOIN silver.dim_device d ON d.device_id = m.device_id
LEFT JOIN silver.dim_calibration c ON c.calibration_sk = m.calibration_sk
LEFT JOIN surface h ON h.scan_id = m.scan_id AND h.is_complete AND h.choice = 1
