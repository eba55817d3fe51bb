import type { z } from 'zod'
import type { DefinitionIssue } from '../../adf/errors.ts'
import type { SourceFile, FactorySource } from '../../adf/plan/factory-source.ts'
import { FileIssues } from '../../adf/plan/file-issues.ts'
import { parseText } from '../../adf/text/parse-text.ts'
import { routineSchemas } from '../../formats/gelsight/routine-schemas.ts'
import { tableContract } from '../../tables/contract.ts'

/** What is wrong in the files that activities use: table contracts (`table/*.yaml`) and `routine_schemas.yaml`. */
export function documentIssues(source: FactorySource): DefinitionIssue[] {
  return source.files.flatMap((file) => {
    if (file.path === 'routine_schemas.yaml')
      return judge(file, routineSchemas, 'routine schemas are').issues.list()
    if (/^table\/[^/]+\.yaml$/.test(file.path)) return tableIssues(file)
    return []
  })
}

function tableIssues(file: SourceFile): DefinitionIssue[] {
  const { data, issues } = judge(file, tableContract, 'a table contract is')
  if (data !== null && data.name.split('.').at(-1) !== file.path.slice('table/'.length, -'.yaml'.length))
    issues.report(
      ['name'],
      `"${data.name}" must end in the name of its file, which is how activities find it`,
    )
  return issues.list()
}

function judge<T extends z.ZodType>(
  { path, text }: SourceFile,
  schema: T,
  what: string,
): { data: z.output<T> | null; issues: FileIssues } {
  const { value, positions, problems } = parseText(text ?? '')
  const issues = new FileIssues(path, value, positions)
  if (text === null) issues.report([], `is not UTF-8 text; ${what} YAML`)
  else
    for (const problem of problems)
      issues.report(problem.path, problem.message, problem.severity, problem.line)
  if (value === undefined) return { data: null, issues }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { data: parsed.data, issues }
  issues.reportSchema(parsed.error, value, [])
  return { data: null, issues }
}
