import type { z } from 'zod'
import type { DefinitionIssue } from '../errors.ts'
import { credentialProperties } from '../resource/credential.ts'
import { datasetProperties } from '../resource/dataset.ts'
import type { FactoryProperties } from '../resource/factory.ts'
import { adfFactory, factoryProperties } from '../resource/factory.ts'
import { anyObject, isObject } from '../resource/fields.ts'
import { linkedServiceProperties } from '../resource/linked-service.ts'
import { pipelineProperties, resource } from '../resource/pipeline.ts'
import { parseText } from '../text/parse-text.ts'
import type { JsonObject } from '../json.ts'
import type { FactorySource, ResourceKind, SourceFile } from './factory-source.ts'
import { kindOf, nameFromPath } from './factory-source.ts'
import { FileIssues } from './file-issues.ts'
import { parseOrSalvage } from './salvage.ts'

/** A resource file once read. `properties` is null where too much of it is wrong. */
export interface Resource<P> {
  readonly name: string
  readonly issues: FileIssues
  readonly properties: P | null
  /** As written, under `properties`. */
  readonly raw: JsonObject
}

export type PipelineResource = Resource<z.output<typeof pipelineProperties>>
export type DatasetResource = Resource<z.output<typeof datasetProperties>>
export type LinkedServiceResource = Resource<z.output<typeof linkedServiceProperties>>
export type CredentialResource = Resource<z.output<typeof credentialProperties>>
/** Checked by its own type later. */
export type TriggerResource = Resource<JsonObject>

/** All resources of a factory, by lower-case name: ADF compares names so. */
export interface Factory {
  readonly name: string
  readonly properties: FactoryProperties
  /** `factory.yaml`, or a stand-in where there is none. */
  readonly issues: FileIssues
  readonly pipelines: ReadonlyMap<string, PipelineResource>
  readonly datasets: ReadonlyMap<string, DatasetResource>
  readonly linkedServices: ReadonlyMap<string, LinkedServiceResource>
  readonly triggers: ReadonlyMap<string, TriggerResource>
  readonly credentials: ReadonlyMap<string, CredentialResource>
  /** Path → SHA-256 of every file that is not one of the above. */
  readonly resources: Readonly<Record<string, string>>
  /** Text of those files, where they are text. */
  readonly resourceTexts: ReadonlyMap<string, string>
}

/** Reads all files; what is wrong lies in each resource's `issues`. */
export function loadFactory(source: FactorySource): Factory {
  const files = [...source.files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const of = (kind: ReturnType<typeof kindOf>): SourceFile[] =>
    files.filter((file) => kindOf(file.path) === kind)
  const others = [...of('other'), ...of('factory'), ...of('adfFactory')]
  const { properties, issues } = loadFactoryFile(of('factory'), of('adfFactory'))
  return {
    name: properties.name ?? source.name,
    properties,
    issues,
    pipelines: loadAll(of('pipeline'), 'pipeline', pipelineProperties),
    datasets: loadAll(of('dataset'), 'dataset', datasetProperties),
    linkedServices: loadAll(of('linkedService'), 'linkedService', linkedServiceProperties),
    triggers: loadAll(of('trigger'), 'trigger', anyObject()),
    credentials: loadAll(of('credential'), 'credential', credentialProperties),
    resources: Object.fromEntries(others.map((file) => [file.path, file.sha256])),
    resourceTexts: new Map(others.flatMap((file) => (file.text === null ? [] : [[file.path, file.text]]))),
  }
}

/** Everything found so far in every file. */
export function issuesOf(factory: Factory): DefinitionIssue[] {
  return [
    factory.issues,
    ...[
      factory.pipelines,
      factory.datasets,
      factory.linkedServices,
      factory.triggers,
      factory.credentials,
    ].flatMap((resources) => [...resources.values()].map((one) => one.issues)),
  ].flatMap((issues) => issues.list())
}

function readText(file: SourceFile): { value: unknown; issues: FileIssues } {
  if (file.text === null) {
    const issues = new FileIssues(file.path)
    issues.report([], 'is not UTF-8 text; a definition is YAML or JSON')
    return { value: undefined, issues }
  }
  const { value, positions, problems } = file.cut?.parsed ?? parseText(file.text)
  const issues =
    file.cut === undefined
      ? new FileIssues(file.path, value, positions)
      : new FileIssues(file.cut.file, value, positions, `${file.path.replace(/\.json$/, '')}: `)
  for (const problem of problems) issues.report(problem.path, problem.message, problem.severity, problem.line)
  return { value, issues }
}

function loadAll<T extends z.ZodType>(
  files: readonly SourceFile[],
  kind: ResourceKind,
  schema: T,
): Map<string, Resource<z.output<T>>> {
  const loaded = new Map<string, Resource<z.output<T>>>()
  const envelope = resource(anyObject())
  for (const file of files) {
    const { value, issues } = readText(file)
    const outer = value === undefined ? null : parseOrSalvage(envelope, value, [], issues)
    const raw = isObject(value) ? valueOf(value, 'properties') : undefined
    const properties =
      outer === null || raw === undefined ? null : parseOrSalvage(schema, raw, ['properties'], issues)
    const name = outer?.name ?? nameFromPath(file.path)
    const written = { name, issues, properties, raw: isObject(raw) ? raw : {} }
    // Plans are maps by name: this one would change the map itself.
    if (name === '__proto__') issues.report(['name'], 'is "__proto__", which no resource may be called')
    const twin = loaded.get(name.toLowerCase())
    if (twin !== undefined) {
      issues.report(
        ['name'],
        `${JSON.stringify(name)} is the name of another ${kind} too: ${twin.issues.path}`,
      )
      twin.issues.report(
        ['name'],
        `${JSON.stringify(twin.name)} is the name of another ${kind} too: ${issues.path}`,
      )
      // Both files' findings are kept; the first keeps the name.
      loaded.set(`${name.toLowerCase()}\n${file.path}`, written)
    } else loaded.set(name.toLowerCase(), written)
  }
  return loaded
}

function loadFactoryFile(
  own: readonly SourceFile[],
  adf: readonly SourceFile[],
): { properties: FactoryProperties; issues: FileIssues } {
  const empty = factoryProperties.parse({})
  const [file, second] = [...own, ...adf]
  if (file === undefined) return { properties: empty, issues: new FileIssues('factory.yaml') }
  const { value, issues } = readText(file)
  if (own.length > 1 && second !== undefined) issues.report([], `is one of two; delete it or ${second.path}`)
  if (value === undefined) return { properties: empty, issues }
  if (kindOf(file.path) === 'factory')
    return { properties: parseOrSalvage(factoryProperties, value, [], issues) ?? empty, issues }
  const parsed = parseOrSalvage(adfFactory, value, [], issues)
  const properties = {
    ...empty,
    name: parsed?.name ?? nameFromPath(file.path),
    globalParameters: parsed?.properties.globalParameters ?? {},
  }
  return { properties, issues }
}

function valueOf(object: JsonObject, name: string): unknown {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1]
}
