import type { DefinitionIssue } from '../../adf/errors.ts'
import type { FactorySource } from '../../adf/plan/factory-source.ts'
import { FileIssues } from '../../adf/plan/file-issues.ts'
import { parseText } from '../../adf/text/parse-text.ts'
import { tableContract } from '../../tables/contract.ts'

/** What is wrong in the factory's table contracts (`table/*.yaml`). */
export function tableIssues(source: FactorySource): DefinitionIssue[] {
  return source.files.flatMap(({ path, text }) => {
    if (!/^table\/[^/]+\.yaml$/.test(path)) return []
    const { value, positions, problems } = parseText(text ?? '')
    const issues = new FileIssues(path, value, positions)
    if (text === null) issues.report([], 'is not UTF-8 text; a table contract is YAML')
    else
      for (const problem of problems)
        issues.report(problem.path, problem.message, problem.severity, problem.line)
    if (value === undefined) return issues.list()
    const parsed = tableContract.safeParse(value)
    if (!parsed.success) issues.reportSchema(parsed.error, value, [])
    else if (parsed.data.name.split('.').at(-1) !== path.slice('table/'.length, -'.yaml'.length))
      issues.report(
        ['name'],
        `"${parsed.data.name}" must end in the name of its file, which is how activities find it`,
      )
    return issues.list()
  })
}
