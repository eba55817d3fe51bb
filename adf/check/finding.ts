import type { DefinitionIssue } from '../errors.ts'

/**
 * How far a finding matters. `unsupported`: the run would fail or do something else than in ADF; `review`: it runs, and somebody should
 * look; `note`: read and not used, with no effect on what the pipeline does.
 */
export type Level = 'note' | 'review' | 'unsupported'

export interface Finding extends Pick<DefinitionIssue, 'file' | 'line' | 'place' | 'message'> {
  /** Of the rule; lint rules have a page of this name in docs/checks/. */
  readonly id: string
  readonly level: Level
}

export type Grade = 'Ready' | 'Needs review' | 'Unsupported'

export function gradeOf(findings: readonly Finding[]): Grade {
  if (findings.some((one) => one.level === 'unsupported')) return 'Unsupported'
  return findings.some((one) => one.level === 'review') ? 'Needs review' : 'Ready'
}
