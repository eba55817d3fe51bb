import type { JsonValue } from '../json.ts'
import { property } from '../plan/pipeline-scope.ts'
import { unwrapExpressions } from '../resource/expression-value.ts'
import { isObject, show } from '../resource/fields.ts'
import { parameterType, variableType } from '../resource/pipeline.ts'
import type { TreeActivity } from './activity-tree.ts'
import { activeActivities } from './activity-tree.ts'
import { fold, type Folded, type KnownTypes, type ValueType } from './fold.ts'
import type { LintHit, LintedPipeline } from './lint.ts'

/** Conditions whose answer is known before the run. */
export const conditionRules = { 'never-true': neverTrue, 'until-never-ends': untilNeverEnds }

/** ADF takes no longer expression; judging longer ones is left to the run. */
const longest = 8192

const conditions = new Map([
  ['IfCondition', 'expression'],
  ['Filter', 'condition'],
])

function* neverTrue(pipeline: LintedPipeline): Generator<LintHit> {
  const types = typesOf(pipeline)
  for (const one of activeActivities(pipeline.activities)) {
    const key = conditions.get(one.type)
    if (key === undefined) continue
    const { expression, folded } = foldedAt(one, key, types)
    if (folded === null) continue
    const path = [...one.path, 'typeProperties', key]
    if (folded.value === false)
      yield {
        path,
        message: `${show(expression)} is never true${because(folded)}: ${one.type === 'Filter' ? 'nothing passes' : 'its true branch never runs'}`,
      }
    else if (folded.value === true && one.type === 'IfCondition' && hasElse(one))
      yield {
        path,
        message: `${show(expression)} is always true${because(folded)}: its false branch never runs`,
      }
  }
}

function* untilNeverEnds(pipeline: LintedPipeline): Generator<LintHit> {
  const types = typesOf(pipeline)
  for (const one of activeActivities(pipeline.activities)) {
    if (one.type !== 'Until') continue
    const { expression, folded } = foldedAt(one, 'expression', types)
    if (folded?.value === false)
      yield {
        path: [...one.path, 'typeProperties', 'expression'],
        message: `${show(one.name)} tests ${show(expression)}, which is never true${because(folded)}: the loop ends at its timeout only, as Failed`,
      }
  }
}

function because({ why }: Folded): string {
  return why === null ? '' : `, since ${why}`
}

function hasElse(one: TreeActivity): boolean {
  const list = property(one.typeProperties, 'ifFalseActivities')
  return Array.isArray(list) && list.length > 0
}

function foldedAt(one: TreeActivity, key: string, types: KnownTypes) {
  const expression: JsonValue = unwrapExpressions(property(one.typeProperties, key) ?? null)
  const folded =
    typeof expression === 'string' && expression.length <= longest ? fold(expression, types) : null
  return { expression, folded }
}

const valueTypes: Readonly<Record<string, ValueType>> = {
  String: 'text',
  SecureString: 'text',
  Int: 'number',
  Integer: 'number',
  Float: 'number',
  Bool: 'boolean',
}

/** Lists and objects may reach a pipeline as text, as ADF hands them on: of them nothing is known. */
function typesOf({ raw }: LintedPipeline): KnownTypes {
  const declared = (section: 'parameters' | 'variables') => {
    const found = property(raw, section)
    const schema = section === 'parameters' ? parameterType : variableType
    return new Map(
      Object.entries(isObject(found) ? found : {}).flatMap(([name, one]): [string, ValueType][] => {
        const type = isObject(one) ? schema.safeParse(property(one, 'type')).data : undefined
        const known = type === undefined ? undefined : valueTypes[type]
        return known === undefined ? [] : [[name.toLowerCase(), known]]
      }),
    )
  }
  return { parameters: declared('parameters'), variables: declared('variables') }
}
