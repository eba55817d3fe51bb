import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { ArmExport, ArmFile } from '../../adf/arm/factory-from-arm.ts'
import { DefinitionError } from '../../adf/errors.ts'
import { textLimit } from '../../adf/text/parse-text.ts'

/** The template among a folder's files that holds a whole factory, as ADF's and Synapse's exports call it. */
export function armTemplateAmong(files: readonly string[]): string | null {
  const names = ['armtemplateforfactory.json', 'templateforworkspace.json', 'armtemplate_master.json']
  for (const name of names) {
    const found = files.find((file) => file.toLowerCase() === name)
    if (found !== undefined) return found
  }
  return null
}

/**
 * Reads a template with the files that ADF's export puts beside it: its parameters, its parts (`ArmTemplate_0.json` … beside
 * `ArmTemplate_master.json`) and the factory's own template in `factory/`.
 */
export async function readArm(path: string): Promise<ArmExport> {
  const folder = dirname(path)
  const beside = await readdir(folder)
  const factory = await readdir(join(folder, 'factory')).catch(() => [])
  const parts = /^ArmTemplate_master\.json$/i.test(basename(path))
    ? beside.filter((name) => /^ArmTemplate_\d+\.json$/i.test(name)).sort(byNumber)
    : []
  const own = factory.filter((name) => /_ARMTemplateForFactory\.json$/i.test(name))
  const templates = [
    await readText(folder, basename(path)),
    ...(await Promise.all(parts.map((name) => readText(folder, name)))),
    ...(await Promise.all(own.map((name) => readText(folder, `factory/${name}`)))),
  ]
  const wanted = parameterNames(basename(path)).map((name) => name.toLowerCase())
  const parameters = beside.find((name) => wanted.includes(name.toLowerCase()))
  return {
    templates,
    parameters: parameters === undefined ? null : await readText(folder, parameters),
    name: factoryName(path),
  }
}

/** What exports and people call the parameters of a template. */
function parameterNames(template: string): string[] {
  const stem = template.slice(0, -extname(template).length)
  return [
    `${stem.replace(/^(arm)?template/i, '$&Parameters')}.json`,
    `${stem}.parameters.json`,
    `${stem}-parameters.json`,
    `${stem}Parameters.json`,
  ]
}

function byNumber(a: string, b: string): number {
  return Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0])
}

/** The publish branch keeps the template in a folder that is called as the factory. */
function factoryName(path: string): string {
  const folder = dirname(path)
  return basename(basename(folder).toLowerCase() === 'linkedtemplates' ? dirname(folder) : folder)
}

async function readText(folder: string, name: string): Promise<ArmFile> {
  const path = join(folder, name)
  const { size } = await stat(path)
  if (size > textLimit * 4)
    throw new DefinitionError(`${path} has ${size} bytes; an ARM template has at most ${textLimit * 4}`)
  const bytes = await readFile(path)
  try {
    return { path: name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (cause) {
    throw new DefinitionError(`${path} is not UTF-8 text; an ARM template is JSON`, { cause })
  }
}
