import type { JsonObject } from '../json.ts'
import type { Sha256 } from '../plan/build-plan.ts'
import type { FactorySource, SourceFile } from '../plan/factory-source.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject } from '../resource/fields.ts'
import type { ParsedText, TextProblem } from '../text/parse-text.ts'
import { parseText } from '../text/parse-text.ts'
import type { Path } from '../text/positions.ts'
import { Positions } from '../text/positions.ts'
import type { ArmResource } from './arm-resources.ts'
import { armResources } from './arm-resources.ts'
import { section } from './arm-parameters.ts'

export interface ArmFile {
  /** As issues name it. */
  readonly path: string
  readonly text: string
}

/** An ARM export of a factory: one template, or the parts of linkedTemplates/. */
export interface ArmExport {
  readonly templates: readonly ArmFile[]
  readonly parameters: ArmFile | null
  /** Of the factory, where parameters give none. */
  readonly name: string
}

interface Found extends ArmResource {
  readonly file: string
  readonly positions: Positions
}

/**
 * The factory that a template deploys, as the git layout has it: one file a resource, whose issues name the template's lines. Never
 * throws for what a template says: what cannot be decoded is an issue of the resource, what belongs to no resource one of the factory.
 */
export function factoryFromArm(arm: ArmExport, sha256: Sha256): FactorySource {
  const problems: TextProblem[] = []
  const [main] = arm.templates
  const given = parametersOf(arm.parameters, problems)
  const named = property(given, 'factoryName') ?? property(given, 'workspaceName')
  const value = isObject(named) ? property(named, 'value') : undefined
  const name = typeof value === 'string' && value !== '' ? value : arm.name

  const found: Found[] = []
  for (const { path: file, text } of arm.templates) {
    const parsed = parseText(text)
    // Problems of further files are told with their name: all of them are listed under the first.
    const where = file === main?.path ? '' : `${file}: `
    for (const one of parsed.problems)
      problems.push({
        ...one,
        line: one.line ?? parsed.positions.lineOf(one.path),
        message: where + one.message,
      })
    if (parsed.value === undefined) continue
    if (!isObject(parsed.value) || property(parsed.value, 'resources') === undefined) {
      problems.push(problem([], `${where}is no ARM template: it has no resources`, 'error', 1))
      continue
    }
    const { positions } = parsed
    const resources = armResources(parsed.value, given, name, (path, message, severity) =>
      problems.push(problem([], where + message, severity, positions.lineOf(path))),
    )
    for (const resource of resources) found.push({ ...resource, file, positions })
  }

  const own = found.filter((one) => one.folder === 'factory')
  const files = found
    .filter((one) => one.folder !== 'factory')
    .map((one, index): SourceFile => {
      const path = `${one.folder}/${one.name === '' ? index : one.name}.json`
      const document = { name: one.name, properties: one.properties }
      return cut(path, one.file, document, one.problems, (at) => lineIn(one, at), sha256)
    })
  return { name, files: [factoryFile(own, main?.path ?? name, name, problems, sha256), ...files] }
}

/** `factory/<name>.json` from the factory's own resource and from globalparameters resources. */
function factoryFile(
  own: readonly Found[],
  file: string,
  name: string,
  problems: readonly TextProblem[],
  sha256: Sha256,
): SourceFile {
  const factory = own.find((one) => !one.isGlobalParameters)
  const globals = own.filter((one) => one.isGlobalParameters)
  const globalParameters = { ...section(factory?.properties ?? {}, 'globalParameters') }
  for (const one of globals) Object.assign(globalParameters, one.properties)
  const document = { name: factory?.name ?? name, properties: { ...factory?.properties, globalParameters } }
  const lineOf = (path: Path): number | null => {
    // Global parameters are judged by the place that factory.yaml has for them.
    const inner = path[0] === 'properties' ? path.slice(1) : path
    const [part, parameter, ...rest] = inner
    const owner =
      part === 'globalParameters' && typeof parameter === 'string'
        ? globals.find((one) => Object.hasOwn(one.properties, parameter))
        : undefined
    if (owner !== undefined && parameter !== undefined)
      return lineIn(owner, ['properties', parameter, ...rest])
    return factory === undefined
      ? 1
      : lineIn(factory, part === 'globalParameters' ? ['properties', ...inner] : path)
  }
  const all = [
    ...problems,
    ...own.flatMap((one) =>
      one.problems.map((each) => ({
        ...each,
        line: lineIn(one, each.path),
        path: one === factory ? each.path : [],
      })),
    ),
  ]
  return cut(`factory/${document.name}.json`, own[0]?.file ?? file, document, all, lineOf, sha256)
}

function lineIn(one: Found, path: Path): number | null {
  return one.positions.lineOf([...one.path, ...path])
}

function cut(
  path: string,
  file: string,
  value: JsonObject,
  problems: readonly TextProblem[],
  lineOf: (path: Path) => number | null,
  sha256: Sha256,
): SourceFile {
  const text = `${JSON.stringify(value, null, 2)}\n`
  const parsed: ParsedText = { value, positions: new Positions(lineOf), problems }
  return { path, text, sha256: sha256(text), cut: { file, parsed } }
}

function parametersOf(file: ArmFile | null, problems: TextProblem[]): JsonObject {
  if (file === null) return {}
  const parsed = parseText(file.text)
  for (const one of parsed.problems)
    problems.push({ ...one, path: [], message: `${file.path}: ${one.message}` })
  return isObject(parsed.value) ? section(parsed.value, 'parameters') : {}
}

function problem(
  path: Path,
  message: string,
  severity: TextProblem['severity'],
  line: number | null,
): TextProblem {
  return { path, message, severity, line }
}
