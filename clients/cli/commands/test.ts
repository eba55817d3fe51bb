import type { JsonObject } from '../../../adf/json.ts'
import type { FactoryTests, TimedResult } from '../../testing/test-factory.ts'
import { factoryFolder } from '../../start/open-lake.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, UsageError, type ExitCode } from '../exit-codes.ts'
import { factoryOptions, jsonOption } from '../options.ts'
import type { Terminal } from '../terminal.ts'

interface Round {
  readonly place: string
  readonly environment: string
  readonly pattern: string | null
  readonly json: boolean
  readonly junit: string | undefined
  readonly showMissing: boolean
  readonly threshold: number | null
}

export const test = defineCommand({
  description:
    'Runs the tests in the folder test/ of a factory: pipelines on a virtual clock with stubs in place of work, walked by the code that ' +
    'walks them in a run. Needs neither Temporal nor a worker. docs/test-a-pipeline.md says how a test is written.',
  positionals: [
    { name: 'pattern', help: "Part of a test's name, pipeline or file (default: all tests)", optional: true },
  ],
  options: {
    ...factoryOptions,
    watch: { type: 'boolean', short: 'w', help: 'Run again whenever a file of the factory changes' },
    coverage: { type: 'boolean', help: 'Name the activities and branches that no test covers' },
    'coverage-threshold': {
      type: 'string',
      value: 'percent',
      help: 'Exit with 1 where a pipeline has less of its activities or branches covered: 0 to 100',
    },
    junit: { type: 'string', value: 'file', help: 'Write the results as JUnit XML too' },
    ...jsonOption,
  },
  examples: [
    { command: 'headrace test', does: "all tests of Headrace's own factory" },
    { command: 'headrace test --factory factories/hello --watch', does: 'while you edit' },
    { command: 'headrace test bronze --coverage', does: 'tests of bronze_ingest, and what they leave out' },
    { command: 'headrace test --coverage-threshold 100 --junit tests.xml', does: 'in CI' },
  ],
  exits: {
    1: 'A test failed, or coverage is below --coverage-threshold',
    2: 'A definition or a file of tests is wrong, or no test was found; nothing ran',
  },
  async run({ positionals: [pattern = null], values, settings, terminal, signal }) {
    if (values.watch && values.json) throw new UsageError('--watch and --json exclude each other')
    const round: Round = {
      place: factoryFolder(settings),
      environment: settings.environment,
      pattern,
      json: values.json,
      junit: values.junit,
      showMissing: values.coverage,
      threshold: thresholdOf(values['coverage-threshold']),
    }
    if (!values.watch) return runRound(round, terminal)
    const { watchFactory } = await import('../../testing/watch-factory.ts')
    return watchFactory(round.place, signal, terminal, () => runRound(round, terminal))
  },
})

async function runRound(round: Round, terminal: Terminal): Promise<ExitCode> {
  const [{ readFactory }, { testFactory }, { percent, reportLines }, { formatIssue }] = await Promise.all([
    import('../../factory/read-factory.ts'),
    import('../../testing/test-factory.ts'),
    import('../../testing/report.ts'),
    import('../../../adf/errors.ts'),
  ])
  const factory = await readFactory(round.place)
  const tests = await testFactory(factory, round.environment, round.pattern)
  const errors = tests.issues.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    if (round.json) terminal.json({ factory: factory.root, issues: tests.issues })
    else for (const issue of errors) terminal.note(formatIssue(issue))
    return exitCodes.usage
  }
  if (tests.results.length === 0) throw new UsageError(nothingFound(tests, factory.root, round.pattern))
  if (round.junit !== undefined) await writeJunit(round.junit, tests.results)
  const { threshold } = round
  const low = tests.coverage.filter(
    ({ activities, branches }) =>
      threshold !== null && Math.min(percent(activities), percent(branches)) < threshold,
  )
  if (round.json) terminal.json({ factory: factory.root, ...asJson(tests) })
  else {
    const showMissing = round.showMissing || low.length > 0
    for (const line of reportLines(tests, { hasColour: terminal.hasColour, showMissing }))
      terminal.print(line)
  }
  for (const { pipeline } of low) terminal.note(`The tests of ${pipeline} cover less than ${threshold} %`)
  const failed = tests.results.some(({ differences, problem }) => problem !== null || differences.length > 0)
  return failed || low.length > 0 ? exitCodes.failed : exitCodes.ok
}

function thresholdOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 100))
    throw new UsageError(`--coverage-threshold is ${JSON.stringify(text)}; allowed: a number from 0 to 100`)
  return value
}

function nothingFound({ all }: FactoryTests, root: string, pattern: string | null): string {
  if (all === 0) return `${root} has no tests; write them in test/*.yaml there: docs/test-a-pipeline.md`
  return `None of the ${all} tests of ${root} has ${JSON.stringify(pattern)} in its name, pipeline or file`
}

async function writeJunit(path: string, results: readonly TimedResult[]): Promise<void> {
  const [{ writeFile }, { junitXml }] = await Promise.all([
    import('node:fs/promises'),
    import('../../testing/junit.ts'),
  ])
  await writeFile(path, junitXml(results))
}

function asJson({ results, coverage }: FactoryTests) {
  return {
    tests: results.map(({ test: one, differences, problem, run, milliseconds }) => ({
      file: one.issues.path,
      line: one.issues.locate(one.path).line,
      name: one.name,
      pipeline: one.pipeline,
      passed: problem === null && differences.length === 0,
      milliseconds,
      problem,
      differences: differences.map(({ path, expected, actual }) => ({
        ...one.issues.locate(path),
        expected,
        actual,
      })),
      run: run === null ? null : runAsJson(run),
    })),
    coverage,
  }
}

function runAsJson({
  status,
  message,
  ran,
  unrun,
  variables,
  returnValue,
  starts,
}: NonNullable<TimedResult['run']>) {
  const step = ({ label, activity, ...rest }: (typeof ran)[number]): JsonObject => ({
    label,
    type: activity.type,
    pipeline: rest.pipeline,
    status: rest.status,
    input: rest.input,
    output: rest.output,
    error: rest.error === null ? null : { ...rest.error },
  })
  return { status, message, ran: ran.map(step), unrun: unrun.map(step), variables, returnValue, starts }
}
