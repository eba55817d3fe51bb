import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { factoryFolder } from '../../start/open-lake.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { factoryOptions, jsonOption } from '../options.ts'

export const exportFactory = defineCommand({
  description:
    "Writes a factory as ADF's git layout, to be taken into a Data Factory. An ADF that came as JSON is written as it was. What ADF does not " +
    'take (activity types of Headrace, tables, environments) is named.',
  positionals: [
    { name: 'form', help: 'adf' },
    { name: 'factory', help: 'Factory folder or ARM template (default: as --factory)', optional: true },
  ],
  options: {
    out: { type: 'string', value: 'folder', help: 'Folder to write; new or empty' },
    factory: factoryOptions.factory,
    ...jsonOption,
  },
  examples: [
    { command: 'headrace export adf ./my-factory --out ./adf', does: 'pipeline/*.json, dataset/*.json, …' },
  ],
  async run({ positionals: [form, place], values, settings, terminal }) {
    if (form !== 'adf') throw new UsageError(`There is no form ${JSON.stringify(form)}; forms are: adf`)
    if (values.out === undefined) throw new UsageError('--out is missing; give the folder to write')
    const out = resolve(values.out)
    const there = await readdir(out).catch(() => [])
    if (there.length > 0) throw new UsageError(`${out} is not empty; give a new folder`)
    const [{ readFactory }, { exportAdf }] = await Promise.all([
      import('../../factory/read-factory.ts'),
      import('../../../adf/export/export-adf.ts'),
    ])
    const factory = await readFactory(place ?? factoryFolder(settings))
    const { files, remarks } = exportAdf(factory.source)
    for (const { path, text } of files) {
      const at = join(out, path)
      await mkdir(dirname(at), { recursive: true })
      // Two resources of one name would overwrite each other.
      await writeFile(at, text, { flag: 'wx' })
    }
    if (values.json) terminal.json({ out, files: files.map(({ path }) => path), remarks })
    else {
      for (const { file, line, place: at, message } of remarks)
        terminal.print(`${file}${line === null ? '' : `:${line}`} ${at} ${message}`)
      terminal.print(`${out}: ${files.length} files, ${remarks.length} remarks`)
    }
    return exitCodes.ok
  },
})
