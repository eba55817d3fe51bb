import { isExpression } from '../expression/parse.ts'
import type { Reference } from '../expression/references.ts'
import { references } from '../expression/references.ts'
import { validateExpression } from '../expression/validate.ts'
import type { JsonValue } from '../json.ts'
import { listNames, unknownName } from '../resource/near-miss.ts'
import type { Path } from '../text/positions.ts'
import type { FileIssues } from './file-issues.ts'
import type { Names } from './pipeline-scope.ts'

/** Lower-case names of activities that have ended at some place. Asked for only where an expression reads one. */
export type Upstream = () => ReadonlySet<string>

/** What expressions at some place may read; a part that is left out may not be read there. */
export interface ReadableNames {
  /** For messages: `a pipeline`, `a dataset`. */
  readonly where: string
  readonly parameters?: Names
  readonly globalParameters?: Names
  readonly variables?: Names
  readonly system?: Names
  readonly item?: boolean
  readonly activities?: {
    readonly all: Names
    readonly upstream: Upstream
  }
  readonly dataset?: Names
  readonly linkedService?: Names
  readonly trigger?: boolean
}

/** Visits each string of a value that is evaluated. */
export function eachExpression(
  value: JsonValue,
  path: Path,
  visit: (text: string, path: Path) => void,
): void {
  if (typeof value === 'string') {
    if (isExpression(value)) visit(value, path)
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => eachExpression(item, [...path, index], visit))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) eachExpression(inner, [...path, key], visit)
  }
}

/** Syntax, functions and every name that the expressions of a value read. */
export function checkExpressions(
  value: JsonValue,
  path: Path,
  names: ReadableNames,
  issues: FileIssues,
): void {
  eachExpression(value, path, (text, at) => {
    const errors = validateExpression(text)
    for (const error of errors) issues.report(at, expressionMessage(error.reason, text, error.position))
    if (errors.length > 0) return
    for (const reference of references(text).all) checkReference(reference, at, names, issues)
  })
}

function expressionMessage(reason: string, text: string, position: number): string {
  const start = Math.max(0, position - 40)
  const shown = text.slice(start, position + 40).replaceAll(/\s+/g, ' ')
  const cut = `${start > 0 ? '…' : ''}${shown}${position + 40 < text.length ? '…' : ''}`
  return `${reason} (at character ${position + 1} of ${cut})`
}

function checkReference(reference: Reference, at: Path, names: ReadableNames, issues: FileIssues): void {
  const known = (allowed: Names | undefined, one: string, many: string, root: string): void => {
    if (allowed === undefined) issues.report(at, `${root} cannot be read in ${names.where}`)
    else if (reference.name !== null && !reference.safe && !allowed.has(reference.name.toLowerCase())) {
      issues.report(at, unknownName(reference.name, one, many, [...allowed.values()]))
    }
  }
  switch (reference.kind) {
    case 'parameter':
      return known(names.parameters, 'a parameter', 'parameters', 'pipeline().parameters')
    case 'globalParameter':
      return known(
        names.globalParameters,
        'a global parameter',
        'global parameters',
        'pipeline().globalParameters',
      )
    case 'system':
      return known(names.system, 'a system variable', 'system variables', 'pipeline()')
    case 'variable':
      return known(names.variables, 'a variable', 'variables', 'variables()')
    case 'dataset':
      return known(names.dataset, 'a parameter of the dataset', 'parameters', 'dataset()')
    case 'linkedService':
      return known(names.linkedService, 'a parameter of the linked service', 'parameters', 'linkedService()')
    case 'item':
      if (names.item !== true)
        issues.report(at, 'item() cannot be read here; it is there inside ForEach and Filter')
      return
    case 'trigger':
    case 'triggerBody':
      if (names.trigger !== true)
        issues.report(
          at,
          `${reference.kind}() cannot be read in ${names.where}; read it in the trigger's parameters and hand it over as a parameter`,
        )
      return
    case 'activity':
      return checkActivity(reference, at, names, issues)
  }
}

function checkActivity(reference: Reference, at: Path, names: ReadableNames, issues: FileIssues): void {
  if (names.activities === undefined) {
    issues.report(at, `activity() cannot be read in ${names.where}`)
    return
  }
  if (reference.name === null) return
  const { all } = names.activities
  const upstream = names.activities.upstream()
  const name = reference.name.toLowerCase()
  if (!all.has(name)) {
    issues.report(at, unknownName(reference.name, 'an activity', 'activities', [...all.values()]))
  } else if (!upstream.has(name)) {
    const ended = [...upstream].map((one) => all.get(one) ?? one)
    issues.report(
      at,
      `reads activity ${JSON.stringify(all.get(name))}, which need not have ended by then: add it to dependsOn; ${
        ended.length === 0 ? 'nothing has ended by then' : `ended by then: ${listNames(ended)}`
      }`,
      'warning',
    )
  }
}
