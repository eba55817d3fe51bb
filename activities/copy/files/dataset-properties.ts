import type { z } from 'zod'
import { DefinitionError } from '../../../adf/errors.ts'
import type { JsonObject } from '../../../adf/json.ts'
import { describeIssue } from '../../../adf/resource/describe-issue.ts'

/** A part of a definition as its schema reads it. Throws a DefinitionError that says where, which value, what is allowed. */
export function parsePart<S extends z.ZodType>(schema: S, value: JsonObject, place: string): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const findings = parsed.error.issues
    .flatMap((issue) => describeIssue(issue, value))
    .map(({ path, message }) => `${[place, ...path].join('.')} ${message}`)
  throw new DefinitionError(findings.join('; '))
}
