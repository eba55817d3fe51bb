import type { DefinitionIssue } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import type { FactorySource } from '../plan/factory-source.ts'
import type { FileIssues } from '../plan/file-issues.ts'
import type { Factory, PipelineResource, Resource } from '../plan/load-factory.ts'
import { mapActivities } from '../plan/map-activities.ts'
import { property } from '../plan/pipeline-scope.ts'
import { credentialOf, isServicePrincipal } from '../plan/resolve-credential.ts'
import type { JudgedFactory } from '../plan/validate-factory.ts'
import { judgeFactory } from '../plan/validate-factory.ts'
import { isObject } from '../resource/fields.ts'
import { activityTree, activeActivities } from './activity-tree.ts'
import { addCalledPipelines } from './called-pipelines.ts'
import { checkFactoryFiles } from './check-files.ts'
import type { Finding, Grade } from './finding.ts'
import { gradeOf } from './finding.ts'
import { ignoredByAnnotation, ignoredByDescription, isInside, withoutIgnored } from './ignored.ts'
import type { LintedPipeline } from './lint.ts'
import { harmlessRules, lintRules } from './lint.ts'
import type { NotHonoured } from './not-honoured.ts'
import { notHonouredInPipeline } from './not-honoured.ts'
import { notHonouredInDataset, notHonouredInTrigger, startedBy } from './not-honoured-resources.ts'
import { notHonouredInLinkedService } from './not-honoured-services.ts'

export interface CheckedPipeline {
  readonly name: string
  readonly grade: Grade
  /** Inner ones included, Inactive ones not. */
  readonly activities: number
  /** Its own, and those of the datasets and linked services that it uses. */
  readonly findings: readonly Finding[]
}

export interface CheckedTrigger {
  readonly name: string
  readonly grade: Grade
  readonly findings: readonly Finding[]
}

export interface FactoryCheck {
  readonly name: string
  readonly pipelines: readonly CheckedPipeline[]
  readonly triggers: readonly CheckedTrigger[]
  /** Of the factory as a whole, and of resources that no pipeline uses. */
  readonly factory: readonly Finding[]
}

/**
 * Grades every pipeline: whether it runs here, what somebody should look at, and what does not run. `documents` are issues of the
 * files that activities use, which hold every run up as those of the factory do.
 */
export function checkFactory(
  source: FactorySource,
  documents: readonly DefinitionIssue[] = [],
): FactoryCheck {
  const judged = judgeFactory(source)
  const { factory } = judged
  const triggers = [...factory.triggers.values()].map((trigger) => ({
    trigger,
    findings: merged(trigger, [...notHonouredInTrigger(trigger.raw)]),
  }))
  const own = new Map(
    [...factory.pipelines].map(([key, pipeline]) => [key, ownFindings(pipeline, factory)] as const),
  )
  for (const { trigger, findings } of triggers) {
    const unused = findings.find((one) => one.id === 'trigger-type')
    if (unused === undefined) continue
    for (const key of startedBy(trigger.raw))
      own
        .get(key)
        ?.push({ ...unused, level: 'review', message: `${trigger.name} starts it: ${unused.message}` })
  }
  const reached = new Set<FileIssues>()
  for (const [key, findings] of own) findings.push(...reachedFindings(judged, key, reached))
  const lines = linesOf(source)
  for (const [key, findings] of own) own.set(key, withoutIgnored(findings, lines))
  const everywhere = blocking(judged, documents)
  for (const findings of own.values()) findings.push(...everywhere)
  addCalledPipelines(judged, own)
  const pipelines = [...factory.pipelines].map(([key, pipeline]) => {
    const findings = own.get(key) ?? []
    return { name: pipeline.name, grade: gradeOf(findings), activities: countOf(pipeline, factory), findings }
  })
  return {
    name: factory.name,
    pipelines,
    triggers: triggers.map(({ trigger, findings }) => ({
      name: trigger.name,
      grade: gradeOf(findings),
      findings,
    })),
    factory: [
      ...factory.issues.list().map(asFinding),
      ...documents.map(asFinding),
      ...checkFactoryFiles(source, factory),
      ...[...factory.datasets.values(), ...factory.linkedServices.values()]
        .filter((one) => !reached.has(one.issues))
        .flatMap((one) => merged(one, [])),
    ],
  }
}

function ownFindings(pipeline: PipelineResource, factory: Factory): Finding[] {
  const linted = linting(pipeline, factory)
  const found = [...notHonouredInPipeline(linted)]
  for (const [id, rule] of Object.entries(lintRules)) {
    const level = harmlessRules.has(id) ? 'note' : 'review'
    for (const { path, message } of rule(linted)) found.push({ id, level, path, message })
  }
  const byDescription = ignoredByDescription(linted.activities)
  return merged(
    pipeline,
    found.filter(
      ({ id, level, path }) =>
        level === 'unsupported' ||
        !byDescription.some((one) => one.rules.includes(id) && isInside(path, one.path)),
    ),
  )
}

function linting(pipeline: PipelineResource, { properties }: Factory): LintedPipeline {
  const list = mapActivities(property(pipeline.raw, 'activities'), properties.activityMappings)
  return {
    name: pipeline.name,
    raw: list === undefined ? pipeline.raw : { ...pipeline.raw, activities: list },
    activities: activityTree(list, ['properties', 'activities']),
  }
}

/** Lines of the factory's files; of what was cut out of a template there are none. */
function linesOf(source: FactorySource): (path: string) => readonly string[] | undefined {
  const files = new Map(source.files.map((file) => [file.path, file]))
  const split = new Map<string, readonly string[] | undefined>()
  return (path) => {
    if (!split.has(path)) {
      const file = files.get(path)
      split.set(path, file?.cut === undefined ? file?.text?.split('\n') : undefined)
    }
    return split.get(path)
  }
}

function countOf(pipeline: PipelineResource, factory: Factory): number {
  return [...activeActivities(linting(pipeline, factory).activities)].length
}

/** Findings of the datasets and linked services that a pipeline uses. */
function reachedFindings({ factory, used }: JudgedFactory, key: string, reached: Set<FileIssues>): Finding[] {
  const names = used.get(key)
  if (names === undefined) return []
  const services = new Set([...names.linkedServices].map((name) => name.toLowerCase()))
  const findings: Finding[] = []
  for (const name of names.datasets) {
    const dataset = factory.datasets.get(name.toLowerCase())
    if (dataset === undefined) continue
    reached.add(dataset.issues)
    findings.push(...merged(dataset, [...notHonouredInDataset(dataset.raw)]))
    const service = dataset.properties?.linkedServiceName.referenceName
    if (service !== undefined) services.add(service.toLowerCase())
  }
  // A set gives what is added while it is walked: vaults that hold the secrets of a service are reached by it.
  for (const name of services) {
    const service = factory.linkedServices.get(name)
    if (service === undefined) continue
    reached.add(service.issues)
    for (const vault of vaultsOf(service.raw)) services.add(vault.toLowerCase())
    findings.push(
      ...merged(service, [
        ...notHonouredInLinkedService(
          service.raw,
          replacedIn(factory, name),
          Object.keys(factory.properties.integrationRuntimes),
          hasPrincipal(factory, service),
        ),
      ]),
    )
  }
  return findings
}

/** Linked services of the key vaults that a definition takes secrets from. */
function* vaultsOf(value: JsonValue): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value) && property(value, 'type') === 'AzureKeyVaultSecret') {
    const store = property(value, 'store')
    const name = isObject(store) ? property(store, 'referenceName') : undefined
    if (typeof name === 'string') yield name
  }
  for (const inner of Object.values(value)) yield* vaultsOf(inner)
}

/** Whether the credential that a linked service names is one that works here. */
function hasPrincipal(factory: Factory, { properties }: Resource<{ typeProperties: JsonObject }>): boolean {
  const credential = properties === null ? undefined : credentialOf(factory, properties.typeProperties)
  return credential !== undefined && isServicePrincipal(credential)
}

/** Lower-case names of properties of a linked service that every environment gives itself. */
function replacedIn({ properties }: Factory, service: string): Set<string> {
  const given = Object.values(properties.environments).map(({ linkedServices }) => {
    const found = Object.entries(linkedServices).find(([name]) => name.toLowerCase() === service)
    return new Set(Object.keys(found?.[1] ?? {}).map((key) => key.toLowerCase()))
  })
  const [first, ...others] = given
  return new Set([...(first ?? [])].filter((key) => others.every((one) => one.has(key))))
}

/**
 * Issues of a resource's file as findings, with what was found there besides, less what its annotations leave out. What stands at the same
 * place is told once.
 */
function merged(
  { issues, raw }: Pick<Resource<unknown>, 'issues' | 'raw'>,
  found: readonly NotHonoured[],
): Finding[] {
  const ignored = ignoredByAnnotation(raw)
  const more = found.filter(({ id, level }) => level === 'unsupported' || !ignored.has(id))
  const located = more.map(({ id, level, path, message }) => ({ id, level, ...issues.locate(path), message }))
  const refused = new Set(located.filter((one) => !isLint(one.id)).map((one) => `${one.line} ${one.place}`))
  const own = issues.list().flatMap((issue): Finding[] => {
    return refused.has(`${issue.line} ${issue.place}`) ? [] : [asFinding(issue)]
  })
  return [...own, ...located].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}

function isLint(id: string): boolean {
  return Object.hasOwn(lintRules, id)
}

/** What stops every run: errors of the factory itself, and triggers that may chain any pipeline and cannot be read. */
function blocking({ factory, triggers }: JudgedFactory, documents: readonly DefinitionIssue[]): Finding[] {
  return [...[factory.issues, ...triggers.unclear].flatMap((issues) => issues.list()), ...documents]
    .filter(({ severity }) => severity === 'error')
    .map((issue) => ({ ...asFinding(issue), id: 'factory-error' }))
}

function asFinding({ severity, ...rest }: DefinitionIssue): Finding {
  return severity === 'error'
    ? { id: 'definition-error', level: 'unsupported', ...rest }
    : { id: 'definition-warning', level: 'review', ...rest }
}
