import type { z } from 'zod'
import { DefinitionError } from '../adf/errors.ts'
import { describeIssue } from '../adf/resource/describe-issue.ts'
import type { ActivityInvocation } from '../adf/run/run.ts'

/**
 * The typeProperties of an invocation as its schema reads them: checked again now that every expression has its value.
 * Throws a DefinitionError that names the activity, each place, the value there and what is allowed.
 */
export function parseProperties<S extends z.ZodType>(schema: S, invocation: ActivityInvocation): z.output<S> {
  const parsed = schema.safeParse(invocation.typeProperties)
  if (parsed.success) return parsed.data
  const findings = parsed.error.issues
    .flatMap((issue) => describeIssue(issue, invocation.typeProperties))
    .map(({ path, message }) => `${['typeProperties', ...path].join('.')} ${message}`)
  throw new DefinitionError(`activity "${invocation.name}" (${invocation.type}): ${findings.join('; ')}`)
}
