import type { PipelineResource } from '../plan/load-factory.ts'
import { property } from '../plan/pipeline-scope.ts'
import type { JudgedFactory } from '../plan/validate-factory.ts'
import type { Path } from '../text/positions.ts'
import { activeActivities, activityTree, textOf } from './activity-tree.ts'
import type { Finding, Grade } from './finding.ts'
import { gradeOf } from './finding.ts'
import { asObject } from './not-honoured.ts'

const words = {
  'Needs review': { level: 'review', says: 'needs review' },
  Unsupported: { level: 'unsupported', says: 'is unsupported' },
} as const

/** A pipeline is no better than those that it runs or that follow it by a trigger: each one that is not Ready becomes a finding. */
export function addCalledPipelines(
  { factory, used, triggers }: JudgedFactory,
  own: Map<string, Finding[]>,
): void {
  const grades = new Map([...own].map(([key, findings]) => [key, gradeOf(findings)]))
  const chains = triggers.chains.map((one) => ({ ...one, key: one.upstream.toLowerCase() }))
  const calledBy = (key: string) =>
    [
      ...(used.get(key)?.pipelines ?? []),
      ...chains.filter((one) => one.key === key).map(({ pipeline }) => pipeline),
    ].map((name) => name.toLowerCase())
  // A grade falls at most twice, so this ends, circles included.
  for (let changed = true; changed;) {
    changed = false
    for (const [key, grade] of grades) {
      let worst = grade
      for (const name of calledBy(key)) worst = worse(worst, grades.get(name) ?? 'Ready')
      if (worst === grade) continue
      grades.set(key, worst)
      changed = true
    }
  }
  for (const [key, findings] of own) {
    const pipeline = factory.pipelines.get(key)
    if (pipeline === undefined) continue
    for (const name of used.get(key)?.pipelines ?? []) {
      const grade = grades.get(name.toLowerCase()) ?? 'Ready'
      if (grade === 'Ready' || name.toLowerCase() === key) continue
      const { level, says } = words[grade]
      const place = pipeline.issues.locate(callOf(pipeline, name))
      findings.push({
        id: 'called-pipeline',
        level,
        ...place,
        message: `runs ${JSON.stringify(name)}, which ${says}`,
      })
    }
  }
  for (const { key, pipeline, trigger } of chains) {
    const grade = grades.get(pipeline.toLowerCase()) ?? 'Ready'
    const place = factory.triggers.get(trigger.toLowerCase())?.issues.locate(['properties', 'pipeline'])
    if (grade === 'Ready' || place === undefined || pipeline.toLowerCase() === key) continue
    const { level, says } = words[grade]
    const message = `starts ${JSON.stringify(pipeline)} after it, which ${says}`
    own.get(key)?.push({ id: 'chained-pipeline', level, ...place, message })
  }
}

function worse(a: Grade, b: Grade): Grade {
  if (a === 'Unsupported' || b === 'Unsupported') return 'Unsupported'
  return a === 'Ready' ? b : a
}

/** The first activity that runs a pipeline. */
function callOf(pipeline: PipelineResource, name: string): Path {
  const base = ['properties', 'activities']
  for (const one of activeActivities(activityTree(property(pipeline.raw, 'activities'), base))) {
    const called = textOf(property(asObject(one.typeProperties, 'pipeline'), 'referenceName'))
    if (called.toLowerCase() === name.toLowerCase()) return [...one.path, 'typeProperties', 'pipeline']
  }
  return base
}
