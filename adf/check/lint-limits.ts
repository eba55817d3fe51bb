import { adfBatchCount } from '../activity/for-each.ts'
import { property } from '../plan/pipeline-scope.ts'
import { eachExpression } from '../plan/check-expressions.ts'
import { parseDuration } from '../resource/duration.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import { isObject, show } from '../resource/fields.ts'
import type { Path } from '../text/positions.ts'
import type { TreeActivity } from './activity-tree.ts'
import { textOf } from './activity-tree.ts'
import type { LintHit, LintedPipeline } from './lint.ts'
import { asObject } from './not-honoured.ts'

export const limitRules = { 'adf-limits': adfLimits }

const day = 86_400_000
const loops = ['ForEach', 'Until']
const branchings = ['IfCondition', 'Switch']

/** What runs here and ADF refuses or cuts: it cannot go back as it is. */
function* adfLimits({ name, raw, activities }: LintedPipeline): Generator<LintHit> {
  if (name.length > 140) yield more(['name'], `${name.length} characters in a pipeline's name`, 140)
  const parameters = Object.keys(asObject(raw, 'parameters')).length
  if (parameters > 50) yield more(['properties', 'parameters'], `${parameters} parameters`, 50)
  const all = [...everyActivity(activities, [])]
  if (all.length > 80)
    yield {
      path: ['properties', 'activities'],
      message: `${all.length} activities: ADF takes ${all.length > 120 ? 'no more than 120' : '80, and up to 120 where its limit was raised'}`,
    }
  for (const { one, around } of all) {
    yield* nesting(one, around)
    yield* ofActivity(one)
  }
  const long: LintHit[] = []
  eachExpression(
    unwrapExpressions(property(raw, 'activities') ?? null),
    ['properties', 'activities'],
    (text, path) => {
      if (text.length > 8192) long.push(more(path, `${text.length} characters in an expression`, 8192))
    },
  )
  yield* long
}

function* ofActivity(one: TreeActivity): Generator<LintHit> {
  const at = (...parts: Path): Path => [...one.path, 'typeProperties', ...parts]
  if (one.name.length > 55)
    yield more([...one.path, 'name'], `${one.name.length} characters in an activity's name`, 55)
  const properties = property(one.raw, 'userProperties')
  if (Array.isArray(properties) && properties.length > 5)
    yield more([...one.path, 'userProperties'], `${properties.length} user properties`, 5)
  const batchCount = Number(property(one.typeProperties, 'batchCount'))
  if (one.type === 'ForEach' && batchCount > adfBatchCount)
    yield more(at('batchCount'), `${batchCount} iterations at once`, adfBatchCount)
  const cases = property(one.typeProperties, 'cases')
  if (one.type === 'Switch' && Array.isArray(cases) && cases.length > 25)
    yield more(at('cases'), `${cases.length} cases`, 25)
  const policy = property(one.raw, 'policy')
  const timeout = isObject(policy) ? parseDuration(textOf(property(policy, 'timeout'))) : null
  if (timeout !== null && (timeout < 600_000 || timeout > 7 * day))
    yield {
      path: [...one.path, 'policy', 'timeout'],
      message: 'is outside what ADF takes: 10 minutes to 7 days',
    }
  const own = parseDuration(textOf(property(one.typeProperties, 'timeout')))
  if (one.type === 'Until' && own !== null && own > 90 * day)
    yield { path: at('timeout'), message: 'is more than ADF takes: 90 days' }
}

function* nesting(one: TreeActivity, around: readonly string[]): Generator<LintHit> {
  const path = [...one.path, 'type']
  const inBranch = around.some((type) => branchings.includes(type))
  const inLoop = around.some((type) => loops.includes(type))
  const refused =
    (loops.includes(one.type) && (inLoop || inBranch)) ||
    (branchings.includes(one.type) && inBranch) ||
    (one.type === 'Validation' && around.length > 0)
  if (refused)
    yield {
      path,
      message: `${show(one.type)} inside ${show(around.at(-1))}: ADF refuses it there; it wants a pipeline of its own behind ExecutePipeline`,
    }
}

function* everyActivity(
  list: readonly TreeActivity[],
  around: readonly string[],
): Generator<{ one: TreeActivity; around: readonly string[] }> {
  for (const one of list) {
    yield { one, around }
    for (const inner of one.inner) yield* everyActivity(inner, [...around, one.type])
  }
}

function more(path: Path, what: string, most: number): LintHit {
  return { path, message: `${what}: ADF takes ${most}` }
}
