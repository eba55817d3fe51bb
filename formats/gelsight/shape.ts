import { freeName } from './free-name.ts'
import type { Fields } from './fields.ts'
import type { Findings } from './finding.ts'

/** A shape as drawn, in pixels of the full image. Named as the columns of bronze.shapes. */
export interface ShapeRecord {
  readonly shape_id: string
  readonly shape_name: string | null
  /** Lower case: circle, line, ruler, rectangle, gridcircle, … */
  readonly shape_type: string
  readonly x: number | null
  readonly y: number | null
  readonly x1: number | null
  readonly y1: number | null
  readonly x2: number | null
  readonly y2: number | null
  readonly width: number | null
  readonly height: number | null
  readonly radius: number | null
  /** Degrees. */
  readonly rotation: number | null
  readonly grid_x: number | null
  readonly grid_y: number | null
  readonly snap_margin_mm: number | null
  readonly attributes_json: string
}

/** Shapes or routines of one file. Scanning software writes some dozens. */
export const mostItems = 10_000

const required: Readonly<Record<string, readonly (keyof ShapeRecord)[]>> = {
  circle: ['x', 'y', 'radius'],
  gridcircle: ['x', 'y', 'radius', 'grid_x', 'grid_y'],
  line: ['x1', 'y1', 'x2', 'y2'],
  ruler: ['x1', 'y1', 'x2', 'y2'],
  rectangle: ['x', 'y', 'width', 'height'],
}

/** Reads the shapes of a list; each keeps an id of its own, whatever the file says. */
export function readShapes(root: Fields, key: string, findings: Findings): ShapeRecord[] {
  const ids = new Set<string>()
  return root.sections(key, mostItems).map((fields, index) => readShape(fields, index, ids, findings))
}

function readShape(fields: Fields, index: number, ids: Set<string>, findings: Findings): ShapeRecord {
  const type = fields.text('type')?.toLowerCase() ?? 'unknown'
  if (type === 'unknown') findings.error('shape.required_fields', fields.below('type'), 'the type is missing')
  const shape: ShapeRecord = {
    shape_id: uniqueId(fields, index, ids, 'shape', findings),
    shape_name: fields.text('name'),
    shape_type: type,
    x: fields.number('x'),
    y: fields.number('y'),
    x1: fields.number('x1'),
    y1: fields.number('y1'),
    x2: fields.number('x2'),
    y2: fields.number('y2'),
    width: fields.number('w') ?? fields.number('width'),
    height: fields.number('h') ?? fields.number('height'),
    radius: fields.number('r') ?? fields.number('radius'),
    rotation: fields.number('rotation'),
    grid_x: fields.integer('gx'),
    grid_y: fields.integer('gy'),
    snap_margin_mm: fields.number('snapmargin'),
    attributes_json: JSON.stringify(Object.fromEntries(fields.keys().map((key) => [key, fields.raw(key)]))),
  }
  for (const field of required[type] ?? []) {
    if (shape[field] === null)
      findings.error('shape.required_fields', fields.place, `a ${type} needs ${field}, which is missing`)
  }
  return shape
}

/** Id as written; a missing or repeated one is told apart by its place in the list. */
export function uniqueId(
  fields: Fields,
  index: number,
  seen: Set<string>,
  what: 'shape' | 'routine',
  findings: Findings,
): string {
  const written = fields.text('id')
  if (written === null) findings.error(`${what}.id_present`, fields.below('id'), `the ${what} has no id`)
  else if (seen.has(written))
    findings.error(
      `${what}.id_unique`,
      fields.below('id'),
      `id ${written} is used by another ${what} of this scan`,
    )
  const id = written === null ? freeName(`#${index}`, index, seen) : freeName(written, index, seen)
  seen.add(id)
  return id
}
