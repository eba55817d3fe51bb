import { z } from 'zod'
import type { DefinitionIssue } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { SourceFile } from '../adf/plan/factory-source.ts'
import { FileIssues } from '../adf/plan/file-issues.ts'
import { parseOrSalvage } from '../adf/plan/salvage.ts'
import { choice, duration, isObject, record, show, text } from '../adf/resource/fields.ts'
import { parseText } from '../adf/text/parse-text.ts'
import { entryNamed } from '../engine/name.ts'
import type { PipelineTest } from './pipeline-test.ts'
import type { Stub, Stubs } from './stub.ts'

const emptyOutput = 'default output'

/** Any value as it stands: nothing here is evaluated. */
const value = z.custom<JsonValue>((given) => given !== undefined, 'is required')
const values = z
  .custom<JsonObject>(isObject, {
    error: (issue) => `must be a map of names to values; it is ${show(issue.input)}`,
  })
  .meta({ type: 'object' })
  .default({})

const instant = z
  .string({ error: (issue) => `must be a date and time; it is ${show(issue.input)}` })
  .refine(
    (given) =>
      /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(given) && !Number.isNaN(Date.parse(given)),
    {
      error: (issue) => `must be a date and time such as 2026-01-31T06:00:00Z; it is ${show(issue.input)}`,
    },
  )

const stubError = z
  .preprocess(
    (given) => (typeof given === 'string' ? { message: given } : given),
    record({
      message: text(),
      errorCode: text().default('Error'),
      failureType: choice(['UserError', 'SystemError']).optional(),
    }),
  )
  .meta({ type: ['object', 'string'] })

const stub = z
  .preprocess(
    (given) => (given === emptyOutput ? { output: {} } : given),
    record({ output: value.optional(), error: stubError.optional(), takes: duration().default(0) }).refine(
      ({ output, error }) => (output === undefined) !== (error === undefined),
      `must say either output or error, or be the text: ${emptyOutput}`,
    ),
  )
  .meta({ type: ['object', 'string'] })

const stubs = z
  .record(z.string(), stub, {
    error: (issue) => `must be a map of activities to how they end; it is ${show(issue.input)}`,
  })
  .default({})

const trigger = record({
  type: choice([
    'Manual',
    'ScheduleTrigger',
    'TumblingWindowTrigger',
    'ChainingTrigger',
    'PipelineActivity',
    'Backfill',
  ]),
  name: text().default('test'),
  id: text().default('test'),
  scheduledTime: instant.optional(),
  body: values,
})

const expectedActivity = record({
  status: choice(['Succeeded', 'Failed', 'TimedOut', 'Cancelled', 'Skipped', 'Inactive']).optional(),
  input: value.optional(),
  output: value.optional(),
  error: z
    .custom<JsonObject>(isObject, {
      error: (issue) => `must be a map of errorCode, message, failureType …; it is ${show(issue.input)}`,
    })
    .optional(),
})

const names = z.array(text(), {
  error: (issue) => `must be a list of activities; it is ${show(issue.input)}`,
})

const expectation = record({
  status: choice(['Succeeded', 'Failed']).describe('How the pipeline ends'),
  message: z.string().optional(),
  runs: names.optional(),
  skipped: names.optional(),
  activities: z.record(z.string(), expectedActivity).default({}),
  variables: values,
  returnValue: values,
  starts: z
    .record(z.string(), values)
    .default({})
    .describe('Pipelines that ChainingTriggers start, with their parameters'),
})

/** What may stand in a test, and for all tests of a file above them. */
const given = {
  parameters: values,
  globalParameters: values,
  variables: values,
  trigger: trigger.optional(),
  clock: instant.optional(),
  stubs,
}

/** A file of `test/`: tests of one pipeline. */
export const testFile = record({
  pipeline: text().describe('The pipeline under test'),
  ...given,
  tests: z
    .array(record({ name: text(), ...given, expect: expectation }), {
      error: (issue) =>
        `must be a list of tests, each with a name and what it expects; it is ${show(issue.input)}`,
    })
    .min(1, 'must hold a test'),
}).describe('Tests of a pipeline that run without a server')

/** The tests of one file, and what is wrong in it. Never throws for what it says. */
export function readTests(file: SourceFile): { tests: PipelineTest[]; issues: FileIssues } {
  const { value: root, positions, problems } = parseText(file.text ?? '')
  const issues = new FileIssues(file.path, root, positions)
  if (file.text === null) issues.report([], 'is not UTF-8 text; a file of tests is YAML')
  else for (const one of problems) issues.report(one.path, one.message, one.severity, one.line)
  if (root === undefined) return { tests: [], issues }
  const parsed = parseOrSalvage(testFile, root, [], issues)
  if (parsed === null || issues.hasErrors) return { tests: [], issues }
  const seen = new Set<string>()
  const tests = parsed.tests.map((one, index): PipelineTest => {
    const path = ['tests', index]
    if (seen.has(one.name))
      issues.report([...path, 'name'], `${show(one.name)} is the name of another test of this file too`)
    seen.add(one.name)
    const started = one.trigger ?? parsed.trigger ?? { type: 'Manual', name: 'test', id: 'test', body: {} }
    return {
      name: one.name,
      pipeline: parsed.pipeline,
      parameters: { ...parsed.parameters, ...one.parameters },
      globalParameters: { ...parsed.globalParameters, ...one.globalParameters },
      variables: { ...parsed.variables, ...one.variables },
      trigger: { ...started, scheduledTime: started.scheduledTime ?? null },
      clock: Date.parse(one.clock ?? parsed.clock ?? '2026-01-01T00:00:00Z'),
      stubs: stubsOf(parsed.stubs, one.stubs),
      stubPlaces: [
        ...Object.keys(parsed.stubs)
          .filter((name) => entryNamed(one.stubs, name) === null)
          .map((name) => ({ name, path: ['stubs', name] })),
        ...Object.keys(one.stubs).map((name) => ({ name, path: [...path, 'stubs', name] })),
      ],
      expect: one.expect,
      path,
      issues,
    }
  })
  return { tests, issues }
}

function stubsOf(...sources: readonly z.output<typeof stubs>[]): Stubs {
  const entries = sources.flatMap((source) => Object.entries(source))
  return new Map(entries.map(([name, one]) => [name.toLowerCase(), stubOf(one)]))
}

function stubOf({ output, error, takes }: z.output<typeof stub>): Stub {
  if (error === undefined)
    return { kind: 'output', output: output === undefined ? {} : output, takesMs: takes }
  const { errorCode, message } = error
  const isFinal = errorCode === 'DefinitionError' || errorCode === 'DataError'
  const failureType = error.failureType ?? (isFinal ? 'UserError' : 'SystemError')
  return { kind: 'error', error: { errorCode, message, failureType }, takesMs: takes }
}

/** Errors among them. */
export function errorsOf(issues: readonly DefinitionIssue[]): DefinitionIssue[] {
  return issues.filter(({ severity }) => severity === 'error')
}
