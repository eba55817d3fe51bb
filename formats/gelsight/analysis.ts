import type { YamlMapping } from '../yaml/read-yaml.ts'
import { Fields } from './fields.ts'
import type { Findings } from './finding.ts'
import { mostResults, readResults, type ResultRecord } from './result.ts'
import { mostItems, readShapes, uniqueId, type ShapeRecord } from './shape.ts'

export interface RoutineRecord {
  /** Unique within the scan. */
  readonly routine_instance_id: string
  readonly routine_type: string
  readonly routine_name: string | null
  readonly primary_shape_id: string | null
  readonly annotation_ids: readonly string[]
  readonly passed_analysis: boolean | null
  readonly is_debug: boolean | null
  readonly sdk_version: string | null
  readonly results: readonly ResultRecord[]
}

/** Shapes and routine results of one file: scancontext.yaml, or scan.yaml of a legacy scan. */
export interface Analysis {
  readonly shapes: readonly ShapeRecord[]
  readonly routines: readonly RoutineRecord[]
}

/** Reads `shapes` (legacy: `annotations`) and `routines`. */
export function readAnalysis(yaml: YamlMapping, file: string, zone: string, findings: Findings): Analysis {
  const root = new Fields(yaml, `${file}:`, findings, zone)
  const ids = new Set<string>()
  const budget = { left: mostResults }
  return {
    shapes: readShapes(root, root.has('shapes') ? 'shapes' : 'annotations', findings),
    routines: root
      .sections('routines', mostItems)
      .map((fields, index) => readRoutine(fields, index, ids, budget, findings)),
  }
}

/** The context wins where both files speak of the same shape or routine. */
export function mergeAnalyses(context: Analysis, scan: Analysis): Analysis {
  const shapeIds = new Set(context.shapes.map((shape) => shape.shape_id))
  const routineIds = new Set(context.routines.map((routine) => routine.routine_instance_id))
  return {
    shapes: [...context.shapes, ...scan.shapes.filter((shape) => !shapeIds.has(shape.shape_id))],
    routines: [
      ...context.routines,
      ...scan.routines.filter((routine) => !routineIds.has(routine.routine_instance_id)),
    ],
  }
}

/** Reports routines that name shapes which the scan does not have. */
export function checkReferences(analysis: Analysis, findings: Findings): void {
  const known = new Set(analysis.shapes.map((shape) => shape.shape_id))
  for (const routine of analysis.routines) {
    const place = `routine ${routine.routine_instance_id}`
    const { primary_shape_id: primary } = routine
    if (primary !== null && !known.has(primary))
      findings.error(
        'routine.primary_shape_exists',
        place,
        `primary shape ${primary} is no shape of this scan`,
      )
    const missing = routine.annotation_ids.filter((id) => !known.has(id))
    if (missing.length > 0)
      findings.error('routine.annotations_exist', place, `shapes ${missing.join(', ')} are not in this scan`)
  }
}

function readRoutine(
  fields: Fields,
  index: number,
  ids: Set<string>,
  budget: { left: number },
  findings: Findings,
): RoutineRecord {
  const type = fields.text('type')
  if (type === null) findings.error('routine.required_fields', fields.below('type'), 'the type is missing')
  const primary = fields.text('primaryshapeid')
  return {
    routine_instance_id: uniqueId(fields, index, ids, 'routine', findings),
    routine_type: type ?? 'unknown',
    routine_name: fields.text('name'),
    // Zero and -1 are how the software writes "none".
    primary_shape_id: primary === '0' || primary === '-1' ? null : primary,
    annotation_ids: fields.texts('annotationids').flatMap((text) => text.match(/[^\s,[\]()'"]+/g) ?? []),
    passed_analysis: fields.boolean('meta_PassedAnalysis'),
    is_debug: fields.boolean('debug'),
    sdk_version: fields.text('meta_sdkversion'),
    results: readResults(fields, budget, findings),
  }
}
