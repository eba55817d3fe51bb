import { formatIssue } from '../../adf/errors.ts'
import type { JsonValue } from '../../adf/json.ts'
import type { Difference } from '../../testing/compare.ts'
import type { Counted, Coverage } from '../../testing/coverage.ts'
import { passed } from '../../testing/run-test.ts'
import type { FactoryTests, TimedResult } from './test-factory.ts'

export interface ReportOptions {
  readonly hasColour: boolean
  /** Whether to name what is not covered. */
  readonly showMissing: boolean
}

const codes = { red: 31, green: 32, dim: 2 } as const
type Paint = (colour: keyof typeof codes, text: string) => string

/** What a person reads of a round of tests. */
export function reportLines(tests: FactoryTests, { hasColour, showMissing }: ReportOptions): string[] {
  const paint: Paint = (colour, text) => (hasColour ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text)
  const lines: string[] = []
  for (const [file, results] of byFile(tests.results)) {
    lines.push(file)
    for (const result of results) lines.push(...linesOf(result, paint))
  }
  const failed = tests.results.filter((result) => !passed(result)).length
  const milliseconds = tests.results.reduce((sum, result) => sum + result.milliseconds, 0)
  const count = `${tests.results.length} ${tests.results.length === 1 ? 'test' : 'tests'}`
  const left = tests.all - tests.results.length
  const outcome =
    failed === 0 ? paint('green', `${count} passed`) : paint('red', `${failed} of ${count} failed`)
  lines.push(
    '',
    ...coverageLines(tests.coverage, showMissing),
    '',
    `${outcome} in ${milliseconds.toFixed(0)} ms${left === 0 ? '' : `, ${left} left out`}`,
  )
  return lines
}

export function byFile(results: readonly TimedResult[]): Map<string, TimedResult[]> {
  return Map.groupBy(results, ({ test }) => test.issues.path)
}

/** What is wrong in a test that failed; [] in one that passed. */
export function differenceLines(
  { test, differences, problem }: TimedResult,
  paint: Paint = (_, text) => text,
): string[] {
  if (problem !== null) {
    const { file, line, place } = test.issues.locate(test.path)
    return [paint('red', formatIssue({ file, line, place, message: problem, severity: 'error' }))]
  }
  return differences.flatMap((difference) => {
    const { file, line, place } = test.issues.locate(difference.path)
    return [`${file}:${line} ${place}`, ...valueLines(difference, paint).map((text) => `  ${text}`)]
  })
}

function linesOf(result: TimedResult, paint: Paint): string[] {
  const { name } = result.test
  const time = paint('dim', `${result.milliseconds.toFixed(0)} ms`)
  if (passed(result)) return [`  ${paint('green', '✓')} ${name} ${time}`]
  return [
    `  ${paint('red', '✗')} ${name} ${time}`,
    ...differenceLines(result, paint).map((line) => `      ${line}`),
  ]
}

function valueLines({ expected, actual, lines }: Difference, paint: Paint): string[] {
  if (lines === undefined)
    return [`expected  ${paint('green', shown(expected))}`, `actual    ${paint('red', shown(actual))}`]
  return [
    `${paint('green', '- expected')}  ${paint('red', '+ actual')}`,
    ...lines.map(({ side, text }) => {
      if (side === 'both') return `  ${text}`
      return side === 'expected' ? paint('green', `- ${text}`) : paint('red', `+ ${text}`)
    }),
  ]
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? '(not there)' : JSON.stringify(value)
}

function coverageLines(coverage: readonly Coverage[], showMissing: boolean): string[] {
  const width = Math.max(0, ...coverage.map(({ pipeline }) => pipeline.length))
  return coverage.flatMap(({ pipeline, activities, branches }) => [
    `${pipeline.padEnd(width)}  activities ${share(activities)}  branches ${share(branches)}`,
    ...(showMissing
      ? [
          ...activities.missing.map((one) => `  not run: ${one}`),
          ...branches.missing.map((one) => `  not taken: ${one}`),
        ]
      : []),
  ])
}

function share({ all, covered }: Counted): string {
  return `${percent({ all, covered }).toFixed(0)} % (${covered}/${all})`
}

/** Rounded down: 100 is only what is whole. */
export function percent({ all, covered }: Pick<Counted, 'all' | 'covered'>): number {
  return all === 0 ? 100 : Math.floor((covered / all) * 100)
}
