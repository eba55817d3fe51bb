import type { CheckedPipeline, FactoryCheck } from '../../../adf/check/check-factory.ts'
import type { Finding, Grade, Level } from '../../../adf/check/finding.ts'
import { factoryFolder } from '../../start/open-lake.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { factoryOptions, jsonOption } from '../options.ts'

const thresholds: ReadonlyMap<string, readonly Level[]> = new Map([
  ['never', []],
  ['unsupported', ['unsupported']],
  ['review', ['unsupported', 'review']],
  ['note', ['unsupported', 'review', 'note']],
])

export const check = defineCommand({
  description:
    'Grades every pipeline of a factory: Ready, Needs review or Unsupported, with the reasons by activity and property, and finds traps ' +
    'that ADF runs without an error (a page each in docs/checks/). Nothing that is read and not done is left unsaid. Needs neither ' +
    'Temporal nor a worker.',
  positionals: [
    { name: 'factory', help: 'Factory folder or ARM template (default: as --factory)', optional: true },
  ],
  options: {
    factory: factoryOptions.factory,
    'fail-on': {
      type: 'string',
      value: 'level',
      help: 'Exit with 1 where a pipeline or a trigger has a finding of this level or a worse one: note, review, unsupported (default) or never',
    },
    notes: { type: 'boolean', help: 'Print notes too: what is read and not used, with no effect on a run' },
    sarif: {
      type: 'string',
      value: 'file',
      help: 'Write the findings as SARIF 2.1.0 too, for code scanning',
    },
    ...jsonOption,
  },
  examples: [
    { command: 'headrace check ./my-adf-repository', does: 'an existing ADF, as its git repository has it' },
    { command: 'headrace check ARMTemplateForFactory.json --fail-on review', does: 'its export, in CI' },
    { command: 'headrace check --sarif check.sarif', does: 'for the code scanning of a repository' },
  ],
  exits: { 1: 'A pipeline or a trigger has a finding of the level of --fail-on, or of a worse one' },
  async run({ positionals: [place], values, settings, terminal }) {
    const failOn = thresholds.get(values['fail-on'] ?? 'unsupported')
    if (failOn === undefined)
      throw new UsageError(
        `--fail-on is ${JSON.stringify(values['fail-on'])}; allowed: ${[...thresholds.keys()].join(', ')}`,
      )
    const [{ readFactory }, { checkFactory }, { documentIssues }] = await Promise.all([
      import('../../factory/read-factory.ts'),
      import('../../../adf/check/check-factory.ts'),
      import('../../factory/document-issues.ts'),
    ])
    const factory = await readFactory(place ?? factoryFolder(settings))
    const checked = checkFactory(factory.source, documentIssues(factory.source))
    if (values.sarif !== undefined) {
      const [{ sarifLog }, { writeFile }] = await Promise.all([
        import('../../../adf/check/sarif.ts'),
        import('node:fs/promises'),
      ])
      await writeFile(values.sarif, `${JSON.stringify(sarifLog(checked), null, 2)}\n`)
    }
    if (values.json) terminal.json({ root: factory.root, ...checked })
    else for (const line of report(checked, values.notes)) terminal.print(line)
    const bad = [...checked.pipelines, ...checked.triggers].some(({ findings }) =>
      findings.some(({ level }) => failOn.includes(level)),
    )
    return bad ? exitCodes.failed : exitCodes.ok
  },
})

function report(checked: FactoryCheck, notes: boolean): string[] {
  const shown = (findings: readonly Finding[]): string[] =>
    findings
      .filter((one) => notes || one.level !== 'note')
      .map(
        ({ level, file, line, place, message, id }) =>
          `  ${level.padEnd(11)}  ${file}${line === null ? '' : `:${line}`} ${place} ${message} [${id}]`,
      )
  const lines = checked.pipelines.flatMap((one) => [
    `${one.grade.padEnd(12)}  pipeline ${one.name}  ${summary(one)}`,
    ...shown(one.findings),
  ])
  for (const { name, grade, findings } of checked.triggers) {
    lines.push(`${grade.padEnd(12)}  trigger ${name}`, ...shown(findings))
  }
  const rest = shown(checked.factory)
  if (rest.length > 0) lines.push('Factory', ...rest)
  const count = (grade: Grade) => checked.pipelines.filter((one) => one.grade === grade).length
  const all = checked.pipelines.length
  const hidden = notes
    ? 0
    : [...checked.pipelines, ...checked.triggers, { findings: checked.factory }]
        .flatMap(({ findings }) => findings)
        .filter(({ level }) => level === 'note').length
  lines.push(
    `${checked.name}: ${all} ${all === 1 ? 'pipeline' : 'pipelines'}: ${count('Ready')} ready, ${count('Needs review')} to be reviewed, ` +
      `${count('Unsupported')} unsupported${hidden === 0 ? '' : `; ${hidden} notes with --notes`}`,
  )
  return lines
}

function summary({ activities, findings }: CheckedPipeline): string {
  const types = new Set(
    findings.flatMap(({ id, message }) => (id === 'activity-type' ? [message.split(' ')[0]] : [])),
  )
  const count = activities === 1 ? '1 activity' : `${activities} activities`
  return types.size === 0 ? count : `${count}, not ${[...types].join(', ')}`
}
