import { references } from '../expression/references.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject, show } from '../resource/fields.ts'
import type { TreeActivity } from './activity-tree.ts'
import type { LintHit, LintedPipeline } from './lint.ts'

export const unusedRules = { 'unused-parameter': unusedParameter, 'unused-variable': unusedVariable }

function* unusedParameter({ raw }: LintedPipeline): Generator<LintHit> {
  const read = readBy(raw)
  if (read === null || read.all.some((one) => one.kind === 'parameter' && one.name === null)) return
  yield* unused(raw, 'parameters', read.parameters, 'no expression of the pipeline reads this parameter')
}

function* unusedVariable({ raw, activities }: LintedPipeline): Generator<LintHit> {
  const read = readBy(raw)
  if (read === null || read.dynamicVariable) return
  const set = [...everyActivity(activities)].flatMap((one) => {
    const name = property(one.typeProperties, 'variableName')
    return typeof name === 'string' ? [name] : []
  })
  yield* unused(raw, 'variables', [...read.variables, ...set], 'no activity sets or reads this variable')
}

function* unused(
  raw: LintedPipeline['raw'],
  section: 'parameters' | 'variables',
  names: readonly string[],
  why: string,
): Generator<LintHit> {
  const declared = property(raw, section)
  if (!isObject(declared)) return
  const used = new Set(names.map((name) => name.toLowerCase()))
  for (const name of Object.keys(declared))
    if (!used.has(name.toLowerCase()))
      yield { path: ['properties', section, name], message: `${show(name)} is not used: ${why}` }
}

/** What the expressions read; null where one of them cannot be parsed, which is an issue of its own. */
function readBy(raw: LintedPipeline['raw']): ReturnType<typeof references> | null {
  try {
    return references(raw)
  } catch {
    return null
  }
}

function* everyActivity(list: readonly TreeActivity[]): Generator<TreeActivity> {
  for (const one of list) {
    yield one
    for (const inner of one.inner) yield* everyActivity(inner)
  }
}
