import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Row } from '../../../tables/rows/values.ts'
import { calibrationRow, resultRow, scanRow, shapeRow } from './bronze-rows.ts'
import { type GelsightTables, openGelsightTables } from './gelsight-tables.ts'

/** A scan for each case, all built at once: building costs more than asking. */
const judgements = [
  { title: 'both limits hold', min: 1, max: 2, value: 1.5, passed: true, within: true, flag: true },
  { title: 'limits are inclusive below', min: 1, max: 2, value: 1, passed: true, within: true, flag: true },
  { title: 'limits are inclusive above', min: 1, max: 2, value: 2, passed: true, within: true, flag: true },
  { title: 'below the lower limit', min: 1, max: 2, value: 0.99, passed: true, within: false, flag: false },
  { title: 'above the upper limit', min: 1, max: 2, value: 2.01, passed: true, within: false, flag: false },
  { title: 'only an upper limit', max: 2, value: -5, passed: true, within: true, flag: true },
  { title: 'only a lower limit', min: 1, value: 0, passed: true, within: false, flag: false },
  { title: 'analysis failed', min: 1, max: 2, value: 1.5, passed: false, within: true, flag: false },
  { title: 'analysis unknown', min: 1, max: 2, value: 1.5, passed: null, within: true, flag: true },
  { title: 'tolerance unknown', value: 1.5, passed: false, within: null, flag: false },
  { title: 'neither is known', value: 1.5, passed: null, within: null, flag: null },
]

const units = [
  { title: 'mm to µm', value: 0.0008, unit: 'mm', configured: 'µm', shown: [0.8, 'µm'], judged: true },
  { title: 'µm to mm', value: 800, unit: 'um', configured: 'mm', shown: [0.8, 'mm'], judged: true },
  {
    title: 'a Greek mu in the file',
    value: 0.8,
    unit: 'um',
    configured: 'μm',
    shown: [0.8, 'µm'],
    judged: true,
  },
  { title: 'um in the file', value: 0.8, unit: 'um', configured: 'um', shown: [0.8, 'µm'], judged: true },
  { title: 'mm2 is mm²', value: 0.8, unit: 'mm2', configured: 'mm2', shown: [0.8, 'mm²'], judged: true },
  { title: 'mm3 is mm³', value: 0.8, unit: 'mm3', configured: 'mm³', shown: [0.8, 'mm³'], judged: true },
  {
    title: 'a bare number is in the configured unit',
    value: 0.8,
    unit: null,
    configured: 'µm',
    shown: [0.8, 'µm'],
    judged: true,
  },
  {
    title: 'another kind of unit stays and is not judged',
    value: 0.8,
    unit: 'mm2',
    configured: 'mm',
    shown: [0.8, 'mm²'],
    judged: false,
  },
]

const confidences = [
  // 0.40 analysis + 0.25 calibration + 0.10 gel in date + 0.05 gel uses + 0.10 not debug + 0.10 aligned
  { title: 'all is well', score: 1 },
  { title: 'analysis failed', result: { passed_analysis: false }, score: 0.6 },
  { title: 'analysis unknown', result: { passed_analysis: null }, score: 0.8 },
  { title: 'calibration not verified', scan: { calibration_id: 'Calib-Unverified' }, score: 0.875 },
  { title: 'no calibration', scan: { calibration_id: null }, score: 0.75 },
  { title: 'gel out of date', scan: { gel_use_by: '2026-02-09T00:00:00Z' }, score: 0.9 },
  { title: 'gel on its last day', scan: { gel_use_by: '2026-02-10T00:00:00Z' }, score: 1 },
  { title: 'gel used too often', scan: { gel_use_count: 2001 }, score: 0.95 },
  { title: 'gel unknown', scan: { gel_use_by: null, gel_use_count: null }, score: 0.925 },
  { title: 'debug', result: { is_debug: true }, score: 0.9 },
  { title: 'not aligned', scan: { is_aligned: false }, score: 0.9 },
  {
    title: 'nothing is right',
    result: { passed_analysis: false, is_debug: true },
    scan: {
      calibration_id: null,
      gel_use_by: '2020-01-01T00:00:00Z',
      gel_use_count: 9999,
      is_aligned: false,
    },
    score: 0,
  },
]

const places = [
  {
    title: 'the point of its routine',
    results: [{}, { result_name: 'point', result_kind: 'point', value: null, x_pixel: 40, y_pixel: 60 }],
    place: [40, 60],
  },
  {
    title: 'the point before the circle',
    results: [
      {},
      { result_name: 'circle', result_kind: 'circle', value: null, x_pixel: 1, y_pixel: 1 },
      { result_name: 'point', result_kind: 'point', value: null, x_pixel: 40, y_pixel: 60 },
    ],
    place: [40, 60],
  },
  {
    title: 'the circle that it fitted',
    results: [{}, { result_name: 'circle', result_kind: 'circle', value: null, x_pixel: 40, y_pixel: 60 }],
    place: [40, 60],
  },
  { title: 'the centre of a circle', results: [{}], place: [100, 200] },
  {
    title: 'the centre of a rectangle',
    results: [{}],
    shape: { shape_type: 'rectangle', x: 10, y: 20, width: 100, height: 40, radius: null },
    place: [60, 40],
  },
  {
    title: 'the middle of a line',
    results: [{}],
    shape: { shape_type: 'line', x: null, y: null, x1: 10, y1: 20, x2: 30, y2: 80, radius: null },
    place: [20, 50],
  },
]

/** Each case of limits and units has a routine type of its own. */
const routineSchemas = {
  gels: { max_uses: 2000 },
  routines: [
    ...judgements.map(({ title, min, max }) => ({
      type: title,
      results: [{ name: 'Diameter', unit: 'mm', tolerance_min: min, tolerance_max: max }],
    })),
    ...units.map(({ title, configured }) => ({
      type: title,
      results: [{ name: 'diameter', unit: configured, tolerance_max: 1 }],
    })),
    {
      type: 'nominal',
      results: [{ name: 'diameter', unit: 'mm', nominal: 'NominalDiameter', lower: -0.1, upper: 0.25 }],
    },
    { type: 'HoleByEdge', results: [{ name: 'diameter', unit: 'mm' }] },
  ],
}

interface Case {
  readonly title: string
  readonly scan?: Row
  readonly shape?: Row
  readonly results: readonly Row[]
}

const cases: Case[] = [
  ...judgements.map(({ title, value, passed }) => ({
    title: `judged ${title}`,
    results: [{ routine_type: title, value, passed_analysis: passed }],
  })),
  ...units.map(({ title, value, unit }) => ({
    title,
    results: [{ routine_type: title, value, value_unit: unit, value_text: 'as written' }],
  })),
  {
    title: 'nominal',
    results: [
      { routine_type: 'nominal', value: 2.2 },
      { routine_type: 'nominal', result_name: 'nominaldiameter', value: 2, value_text: '2 mm' },
    ],
  },
  ...confidences.map(({ title, scan, result }) => ({
    title,
    results: [{ ...result }],
    ...(scan !== undefined && { scan }),
  })),
  ...places.map(({ title, results, shape }) => ({ title, results, ...(shape !== undefined && { shape }) })),
]

let tables: GelsightTables
let rows: Map<string, Record<string, unknown>>

beforeAll(async () => {
  tables = await openGelsightTables({ routineSchemas })
  await tables.bronze('calibrations', 'b1', [
    calibrationRow({ content_sha256: 'c1' }),
    calibrationRow({ content_sha256: 'c2', calibration_id: 'Calib-Unverified', is_verified: false }),
  ])
  await tables.bronze(
    'scans',
    'b1',
    cases.map(({ title, scan }) => scanRow({ scan_id: title, ...scan })),
  )
  await tables.bronze(
    'shapes',
    'b1',
    cases.map(({ title, shape }) => shapeRow({ scan_id: title, ...shape })),
  )
  const results = cases.flatMap(({ title, results: given }) =>
    given.map((result, ordinal) => resultRow({ scan_id: title, ordinal, ...result })),
  )
  await tables.bronze('measurements', 'b1', results)
  await tables.silver('b1')
  const built = await tables.query('SELECT * FROM silver.fact_measurements')
  rows = new Map(built.map((row) => [String(row['scan_id']), row]))
  expect(built).toHaveLength(cases.length)
})

afterAll(async () => tables[Symbol.asyncDispose]())

test.each(judgements)('pass_fail_flag: $title', ({ title, min, max, within, flag }) => {
  expect(rows.get(`judged ${title}`)).toMatchObject({
    measurement_name: 'Diameter',
    tolerance_min: min ?? null,
    tolerance_max: max ?? null,
    within_tolerance: within,
    pass_fail_flag: flag,
  })
})

test('limits lie around a nominal value that the routine gives', () => {
  expect(rows.get('nominal')).toMatchObject({
    measurement_name: 'diameter',
    tolerance_min: 1.9,
    tolerance_max: 2.25,
    pass_fail_flag: true,
  })
})

test.each(units)('units: $title', ({ title, shown, judged }) => {
  expect(rows.get(title)).toMatchObject({
    measurement_value: expect.closeTo(Number(shown[0]), 12),
    measurement_unit: shown[1],
    value_text: 'as written',
    within_tolerance: judged ? true : null,
  })
})

test.each(confidences)('confidence_score: $title is $score', ({ title, score }) => {
  expect(rows.get(title)?.['confidence_score']).toBe(score)
})

test.each(places)('a measurement lies at $title', ({ title, place: [x = 0, y = 0] }) => {
  expect(rows.get(title)).toMatchObject({
    x_pixel: x,
    y_pixel: y,
    x_mm: expect.closeTo(x * 0.005, 12),
    y_mm: expect.closeTo(y * 0.005, 12),
  })
})
