import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkFactory } from '../../../adf/check/check-factory.ts'
import type { Finding, Grade } from '../../../adf/check/finding.ts'
import type { JsonObject, JsonValue } from '../../../adf/json.ts'
import type { Plan } from '../../../adf/plan/plan.ts'
import { pipelineNames } from '../../../adf/plan/validate-factory.ts'
import { documentIssues } from '../../../clients/factory/document-issues.ts'
import { planPipeline } from '../../../clients/factory/plan-pipeline.ts'
import { readFactory } from '../../../clients/factory/read-factory.ts'
import { exportArm } from '../../support/arm-export.ts'

/** Folder of a factory in ADF's git layout. */
export function gitLayout(name: string): string {
  return join(import.meta.dirname, '../../factories/adf', name)
}

export interface ExpectedCheck {
  /** Pipeline → grade. */
  readonly grades: Readonly<Record<string, Grade>>
  /** `rule place`, notes included, each once, in order of the text. */
  readonly findings: readonly string[]
}

/**
 * Imports a factory as git layout and as ADF's export of it: both give the same plans, grades and findings, these are the expected ones, and
 * whatever property is added anywhere is told.
 */
export function importsAlike(name: string, expected: ExpectedCheck): void {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), `headrace-${name}-`))
    await exportArm(gitLayout(name), join(folder, 'arm'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is the same factory as git layout and as ARM template', async () => {
    const git = await readFactory(gitLayout(name))
    const arm = await readFactory(join(folder, 'arm'))
    expect(arm.root).toMatch(/ARMTemplateForFactory\.json$/)
    for (const pipeline of pipelineNames(git.source)) {
      const [one, other] = [git, arm].map((factory) => planPipeline(factory, pipeline, 'dev'))
      expect(one?.issues.filter(({ severity }) => severity === 'error')).toEqual([])
      // Files are named with the hash of their own text, which differs; what the plan is made of does not.
      const { hash: _own, resources: _files, ...plan } = one?.plan ?? {}
      expect(other?.plan).toMatchObject(plan)
      expect(proceduresOf(other?.plan)).toEqual(proceduresOf(one?.plan))
      expect(Object.keys(other?.plan ?? {})).toEqual(Object.keys(one?.plan ?? {}))
    }
    const [here, there] = [git, arm].map(({ source }) => checkFactory(source, documentIssues(source)))
    const grades = Object.fromEntries((here?.pipelines ?? []).map((one) => [one.name, one.grade]))
    expect(grades).toEqual(expected.grades)
    expect(told(here)).toEqual([...expected.findings].toSorted())
    expect(there?.pipelines.map((one) => [one.name, one.grade])).toEqual(
      expect.arrayContaining(Object.entries(grades)),
    )
    expect(told(there)).toEqual(told(here))
  })

  it('tells of every property that nothing here knows', async () => {
    const { source } = await readFactory(gitLayout(name))
    for (const file of source.files.filter(({ path }) => /^(pipeline|dataset|linkedService)\//.test(path))) {
      const document: JsonValue = JSON.parse(file.text ?? '')
      for (const part of judgedParts(document)) {
        part['unheardOf'] = true
        const text = JSON.stringify(document, null, 2)
        const strange = {
          ...source,
          files: source.files.map((one) => (one === file ? { ...file, text } : one)),
        }
        const { pipelines, factory } = checkFactory(strange)
        const found = [...pipelines.flatMap((one) => one.findings), ...factory]
        const line = text.slice(0, text.indexOf('"unheardOf"')).split('\n').length
        expect(found).toContainEqual(expect.objectContaining({ file: file.path, line }))
        expect(JSON.stringify(found)).toContain('unheardOf')
        delete part['unheardOf']
      }
    }
  })
}

function proceduresOf(plan: Plan | null | undefined): [string, string][] {
  return Object.entries(plan?.resources ?? {}).filter(([path]) => path.startsWith('procedure/'))
}

/** typeProperties of activities, datasets and linked services, and the ends of copies with their storeSettings. */
function* judgedParts(value: JsonValue): Generator<JsonObject> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    yield* judgedParts(inner)
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue
    const isEnd = (key === 'source' || key === 'sink') && typeof inner['storeSettings'] === 'object'
    if (isEnd || key === 'typeProperties' || key === 'storeSettings') yield inner
  }
}

function told(
  check:
    | {
        pipelines: readonly { findings: readonly Finding[] }[]
        triggers: readonly { findings: readonly Finding[] }[]
        factory: readonly Finding[]
      }
    | undefined,
): string[] {
  const all = [
    ...(check?.pipelines ?? []).flatMap((one) => one.findings),
    ...(check?.triggers ?? []).flatMap((one) => one.findings),
    ...(check?.factory ?? []),
  ]
  return [
    ...new Set(all.map(({ id, level, place }) => `${level} ${id} ${place.replace(/^\w+\/[^:]+: /, '')}`)),
  ].toSorted()
}
