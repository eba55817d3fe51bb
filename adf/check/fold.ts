import { Evaluator } from '../expression/evaluator.ts'
import { ExpressionError } from '../expression/expression-error.ts'
import type { CallNode, Node } from '../expression/ast.ts'
import { isExpression, parseTemplate } from '../expression/parse.ts'
import { typeName, type Value } from '../expression/value.ts'

/** Types of values that expressions read, by lower-case name; what is not named may be anything. */
export interface KnownTypes {
  readonly parameters: ReadonlyMap<string, ValueType>
  readonly variables: ReadonlyMap<string, ValueType>
}

export type ValueType = 'text' | 'number' | 'boolean' | 'list' | 'object'

export interface Folded {
  readonly value: Value
  /** Why, where it is not plain to see: types that never compare equal. */
  readonly why: string | null
}

/** Functions whose value is not told by their arguments. */
const unsteady = new Set(
  'utcnow guid rand getfuturetime getpasttime pipeline variables activity item dataset linkedservice trigger triggerbody'.split(
    ' ',
  ),
)

/**
 * What an expression always gives, whatever a run reads; null where that is open. The evaluator itself answers for all parts that read nothing
 * of a run; `and`, `or`, `not` and `equals` of different types are answered with an open part in them.
 */
export function fold(text: string, types: KnownTypes): Folded | null {
  if (!isExpression(text)) return null
  try {
    const template = parseTemplate(text)
    return template.kind === 'expression' ? foldNode(template.root, text, types) : null
  } catch (error) {
    // Syntax errors are issues of their own.
    if (error instanceof ExpressionError) return null
    throw error
  }
}

function foldNode(node: Node, text: string, types: KnownTypes): Folded | null {
  if (isClosed(node)) return evaluated(node, text)
  if (node.kind !== 'call') return null
  const args = () => node.args.map((arg) => foldNode(arg, text, types))
  switch (node.name.toLowerCase()) {
    case 'and':
      return args().find((one) => one?.value === false) ?? null
    case 'or':
      return args().find((one) => one?.value === true) ?? null
    case 'not': {
      const inner = args()[0]
      return typeof inner?.value === 'boolean' ? { value: !inner.value, why: inner.why } : null
    }
    case 'equals':
      return foldEquals(node, types)
    default:
      return null
  }
}

function foldEquals(node: CallNode, types: KnownTypes): Folded | null {
  const [left, right] = node.args.map((arg) => typeOf(arg, types))
  if (left == null || right == null || left === right) return null
  return { value: false, why: `it compares ${left} with ${right}, which are never equal` }
}

function isClosed(node: Node): boolean {
  if (node.kind === 'literal') return true
  if (node.kind === 'select') return isClosed(node.target) && isClosed(node.index)
  return node.row !== null && !unsteady.has(node.name.toLowerCase()) && node.args.every(isClosed)
}

function evaluated(node: Node, text: string): Folded | null {
  const refuse = (): never => {
    throw new TypeError('A closed expression asked for the clock or for random')
  }
  const environment = { now: refuse, guid: refuse, random: refuse }
  try {
    return { value: new Evaluator(text, { scope: {}, environment }).value(node), why: null }
  } catch (error) {
    if (error instanceof ExpressionError || error instanceof RangeError) return null
    throw error
  }
}

const results: ReadonlyMap<string, ValueType> = new Map([
  ...'concat string tolower toupper trim substring replace base64 base64tostring uricomponent uricomponenttostring join utcnow formatdatetime adddays addhours addminutes addseconds addtotime subtractfromtime getfuturetime getpasttime startofday startofhour startofmonth convertfromutc converttoutc converttimezone guid'
    .split(' ')
    .map((name): [string, ValueType] => [name, 'text']),
  ...'length int float add sub mul div mod rand indexof lastindexof dayofmonth dayofweek dayofyear ticks'
    .split(' ')
    .map((name): [string, ValueType] => [name, 'number']),
  ...'and or not equals greater greaterorequals less lessorequals empty contains startswith endswith bool'
    .split(' ')
    .map((name): [string, ValueType] => [name, 'boolean']),
  ...'createarray range split array'.split(' ').map((name): [string, ValueType] => [name, 'list']),
])

const ofValues: Readonly<Record<string, ValueType>> = {
  String: 'text',
  Integer: 'number',
  Float: 'number',
  Boolean: 'boolean',
  Array: 'list',
  Object: 'object',
}

function typeOf(node: Node, types: KnownTypes): ValueType | null {
  if (node.kind === 'literal') return ofValues[typeName(node.value)] ?? null
  if (node.kind === 'call') {
    const name = node.name.toLowerCase()
    const first = node.args[0]
    if (name === 'variables' && first?.kind === 'literal' && typeof first.value === 'string')
      return types.variables.get(first.value.toLowerCase()) ?? null
    return results.get(name) ?? null
  }
  const { target, index } = node
  if (target.kind !== 'select' || index.kind !== 'literal' || typeof index.value !== 'string') return null
  const isParameter =
    target.target.kind === 'call' &&
    target.target.name.toLowerCase() === 'pipeline' &&
    target.index.kind === 'literal' &&
    typeof target.index.value === 'string' &&
    target.index.value.toLowerCase() === 'parameters'
  return isParameter ? (types.parameters.get(index.value.toLowerCase()) ?? null) : null
}
