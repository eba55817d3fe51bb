import type { JsonValue } from '../json.ts'
import type { Node } from './ast.ts'
import { parseTemplate } from './parse.ts'
import { templateNodes, texts, walk } from './walk.ts'

export type ReferenceKind =
  | 'activity'
  | 'variable'
  | 'parameter'
  | 'globalParameter'
  | 'system'
  | 'item'
  | 'dataset'
  | 'linkedService'
  | 'trigger'
  | 'triggerBody'

/** One place where an expression refers to something by name. */
export interface Reference {
  readonly kind: ReferenceKind
  /**
   * As written: the activity, the variable, the parameter of the pipeline, dataset or linked service, the system
   * variable. Null where it is computed, where the whole is taken (`pipeline().parameters`), and for item and trigger.
   */
  readonly name: string | null
  /** Guarded by `?`: a missing name gives null. */
  readonly safe: boolean
  readonly expression: string
  readonly position: number
  /** Where in the JSON value the expression stands. */
  readonly path: string
}

/** What a JSON value refers to. Names as written, each once; compare them regardless of case. */
export interface References {
  readonly activities: readonly string[]
  readonly variables: readonly string[]
  readonly parameters: readonly string[]
  readonly usesItem: boolean
  /** Some activity's name is computed: all of them may be meant. */
  readonly dynamicActivity: boolean
  /** Some variable's name is computed. */
  readonly dynamicVariable: boolean
  readonly all: readonly Reference[]
}

/** Throws `ExpressionError` where an expression cannot be parsed. */
export function references(value: JsonValue): References {
  const all: Reference[] = []
  for (const { text, path } of texts(value)) {
    for (const node of templateNodes(parseTemplate(text))) {
      collect(node, (found) => all.push({ ...found, expression: text, path }))
    }
  }
  const names = (kind: ReferenceKind): string[] => [
    ...new Set(all.flatMap((one) => (one.kind === kind && one.name !== null ? [one.name] : []))),
  ]
  const dynamic = (kind: ReferenceKind): boolean => all.some((one) => one.kind === kind && one.name === null)
  return {
    activities: names('activity'),
    variables: names('variable'),
    parameters: names('parameter'),
    usesItem: all.some((one) => one.kind === 'item'),
    dynamicActivity: dynamic('activity'),
    dynamicVariable: dynamic('variable'),
    all,
  }
}

type Found = Omit<Reference, 'expression' | 'path'>

const argumentRoots: Record<string, ReferenceKind> = { activity: 'activity', variables: 'variable' }
const selectedRoots: Record<string, ReferenceKind> = { dataset: 'dataset', linkedservice: 'linkedService' }
const plainRoots: Record<string, ReferenceKind> = {
  item: 'item',
  trigger: 'trigger',
  triggerbody: 'triggerBody',
}
const pipelineParts: Record<string, ReferenceKind> = {
  parameters: 'parameter',
  globalparameters: 'globalParameter',
}

function collect(root: Node, report: (found: Found) => void): void {
  /** Calls of pipeline(), dataset() … whose selection was already reported from above. */
  const seen = new Set<Node>()
  walk(root, (node) => {
    const { position } = node
    if (node.kind === 'call') {
      const name = node.name.toLowerCase()
      const first = node.args[0]
      const kind = argumentRoots[name]
      if (kind !== undefined)
        report({ kind, name: first === undefined ? null : literal(first), safe: false, position })
      const plain = plainRoots[name]
      if (plain !== undefined) report({ kind: plain, name: null, safe: false, position })
      if (seen.has(node)) return
      const selected = selectedRoots[name]
      if (selected !== undefined) report({ kind: selected, name: null, safe: false, position })
      // pipeline() taken whole holds all three.
      if (name === 'pipeline') {
        report({ kind: 'system', name: null, safe: false, position })
        report({ kind: 'parameter', name: null, safe: false, position })
        report({ kind: 'globalParameter', name: null, safe: false, position })
      }
    } else if (node.kind === 'select' && !seen.has(node)) {
      selection(node, seen, report)
    }
  })
}

function selection(node: Node & { kind: 'select' }, seen: Set<Node>, report: (found: Found) => void): void {
  const { target, safe, position } = node
  const name = literal(node.index)
  if (target.kind === 'call') {
    const called = target.name.toLowerCase()
    const kind = selectedRoots[called]
    if (kind !== undefined) {
      seen.add(target)
      report({ kind, name, safe, position })
    }
    if (called !== 'pipeline' || name === null) return
    seen.add(target)
    report({ kind: pipelineParts[name.toLowerCase()] ?? 'system', name: inPipeline(name), safe, position })
  } else if (target.kind === 'select' && target.target.kind === 'call') {
    const part = literal(target.index)
    if (target.target.name.toLowerCase() !== 'pipeline' || part === null) return
    const kind = pipelineParts[part.toLowerCase()]
    if (kind === undefined) return
    seen.add(target).add(target.target)
    report({ kind, name, safe, position })
  }
}

/** `pipeline().parameters` alone is all of them; any other name is a system variable. */
function inPipeline(name: string): string | null {
  return pipelineParts[name.toLowerCase()] === undefined ? name : null
}

function literal(node: Node): string | null {
  return node.kind === 'literal' && typeof node.value === 'string' ? node.value : null
}
