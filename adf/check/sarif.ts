import type { JsonObject } from '../json.ts'
import type { FactoryCheck } from './check-factory.ts'
import type { Finding, Level } from './finding.ts'
import { lintRules } from './lint.ts'

const levels: Readonly<Record<Level, string>> = { note: 'note', review: 'warning', unsupported: 'error' }

/** The findings of a check as a SARIF 2.1.0 log, each once; paths are relative to the factory (`%FACTORY%`). */
export function sarifLog(checked: FactoryCheck): JsonObject {
  const all = [...checked.pipelines, ...checked.triggers, { findings: checked.factory }].flatMap(
    ({ findings }) => findings,
  )
  const findings = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
  const ids = [...new Set(findings.map(({ id }) => id))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'headrace check', rules: ids.map(rule) } },
        results: findings.map((one) => result(one, ids.indexOf(one.id))),
        columnKind: 'utf16CodeUnits',
      },
    ],
  }
}

function rule(id: string): JsonObject {
  const told = { id, name: id, shortDescription: { text: id.replaceAll('-', ' ') } }
  return Object.hasOwn(lintRules, id) ? { ...told, help: { text: `docs/checks/${id}.md` } } : told
}

function result({ id, level, file, line, place, message }: Finding, ruleIndex: number): JsonObject {
  return {
    ruleId: id,
    ruleIndex,
    level: levels[level],
    message: { text: `${place} ${message}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file), uriBaseId: '%FACTORY%' },
          region: { startLine: line ?? 1 },
        },
        logicalLocations: [{ fullyQualifiedName: place }],
      },
    ],
  }
}
