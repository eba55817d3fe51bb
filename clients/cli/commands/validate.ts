import { formatIssue } from '../../../adf/errors.ts'
import { factoryFolder } from '../../start/open-lake.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { factoryOptions, jsonOption } from '../options.ts'

export const validate = defineCommand({
  description:
    'Reads every resource of the factory and prints what is wrong: file, line, place, value and what is allowed. Needs neither ' +
    'Temporal nor a worker.',
  positionals: [
    { name: 'folder', help: 'Factory folder or ARM template (default: as --factory)', optional: true },
  ],
  options: { factory: factoryOptions.factory, ...jsonOption },
  examples: [
    { command: 'headrace validate', does: "Headrace's own factory" },
    {
      command: 'headrace validate ./my-adf-repository',
      does: 'an existing ADF, as its git repository has it',
    },
  ],
  async run({ positionals: [folder], values, settings, terminal }) {
    const [{ readFactory }, { factoryIssues }, { pipelineNames }] = await Promise.all([
      import('../../factory/read-factory.ts'),
      import('../../factory/plan-pipeline.ts'),
      import('../../../adf/plan/validate-factory.ts'),
    ])
    const factory = await readFactory(folder ?? factoryFolder(settings))
    const issues = factoryIssues(factory)
    const errors = issues.filter((issue) => issue.severity === 'error').length
    if (values.json)
      terminal.json({ factory: factory.root, pipelines: pipelineNames(factory.source), issues })
    else {
      for (const issue of issues) terminal.print(`${issue.severity.padEnd(7)}  ${formatIssue(issue)}`)
      const pipelines = pipelineNames(factory.source)
      const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
      terminal.print(
        `${factory.root}: ${count(pipelines.length, 'pipeline')}, ${count(errors, 'error')}, ${count(issues.length - errors, 'warning')}`,
      )
    }
    return errors === 0 ? exitCodes.ok : exitCodes.usage
  },
})
