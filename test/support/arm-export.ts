import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject, JsonValue } from '../../adf/json.ts'

/** Folder of the git layout → kind in a template, in the order in which ADF's export lists them. */
const kinds = {
  linkedService: 'linkedServices',
  dataset: 'datasets',
  pipeline: 'pipelines',
  trigger: 'triggers',
} as const

const referenced: Readonly<Record<string, string>> = {
  PipelineReference: 'pipelines',
  DatasetReference: 'datasets',
  LinkedServiceReference: 'linkedServices',
}

/** Properties of linked services that ADF's export turns into parameters; secrets become secure ones. */
const parameterised: Readonly<Record<string, 'string' | 'secureString'>> = {
  connectionString: 'secureString',
  url: 'string',
  host: 'string',
  domain: 'string',
  functionAppUrl: 'string',
  baseUrl: 'string',
}

/**
 * Writes what ADF's export makes of a factory in git layout: `ARMTemplateForFactory.json` with names by `concat`, brackets doubled,
 * `dependsOn` from the references, and `ARMTemplateParametersForFactory.json` with the values of linked services and global parameters.
 */
export async function exportArm(gitFolder: string, folder: string): Promise<void> {
  const [factory] = await documents(gitFolder, 'factory')
  if (factory === undefined) throw new Error(`${gitFolder} has no factory/<name>.json`)
  const declared: Record<string, JsonObject> = { factoryName: { type: 'string', defaultValue: factory.name } }
  const given: Record<string, JsonObject> = { factoryName: { value: factory.name } }
  const parameter = (name: string, type: string, value: JsonValue): string => {
    declared[name] = { type }
    given[name] = { value }
    return `[parameters('${name}')]`
  }
  const globals = Object.entries(objectOf(factory.properties['globalParameters']))
  const resources: JsonObject[] = globals.length === 0 ? [] : [globalParameters(globals, parameter)]
  for (const [part, kind] of Object.entries(kinds))
    for (const { name, properties } of await documents(gitFolder, part)) {
      const escaped = objectOf(escape(properties))
      if (kind === 'linkedServices') {
        const own = objectOf(escaped['typeProperties'])
        for (const [key, type] of Object.entries(parameterised)) {
          const value = objectOf(properties['typeProperties'])[key]
          if (typeof value !== 'string') continue
          const secure = type === 'secureString'
          own[key] = parameter(
            secure ? `${name}_${key}` : `${name}_properties_typeProperties_${key}`,
            type,
            value,
          )
        }
      }
      resources.push({
        name: `[concat(parameters('factoryName'), '/${name}')]`,
        type: `Microsoft.DataFactory/factories/${kind}`,
        apiVersion: '2018-06-01',
        properties: escaped,
        dependsOn: [...references(properties)].map((at) => `[concat(variables('factoryId'), '/${at}')]`),
      })
    }
  // No part of the export: who runs it here puts them beside it.
  await cp(join(gitFolder, 'procedure'), join(folder, 'procedure'), { recursive: true }).catch(() => {})
  const schema = 'http://schema.management.azure.com/schemas/2015-01-01'
  await mkdir(folder, { recursive: true })
  const write = (name: string, value: JsonObject) =>
    writeFile(join(folder, name), JSON.stringify(value, null, 4))
  await write('ARMTemplateForFactory.json', {
    $schema: `${schema}/deploymentTemplate.json#`,
    contentVersion: '1.0.0.0',
    parameters: declared,
    variables: { factoryId: "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]" },
    resources,
  })
  await write('ARMTemplateParametersForFactory.json', {
    $schema: `${schema}/deploymentParameters.json#`,
    contentVersion: '1.0.0.0',
    parameters: given,
  })
}

function globalParameters(
  globals: readonly (readonly [string, JsonValue])[],
  parameter: (name: string, type: string, value: JsonValue) => string,
): JsonObject {
  const types: Readonly<Record<string, string>> = {
    string: 'string',
    int: 'int',
    bool: 'bool',
    array: 'array',
    object: 'object',
  }
  return {
    name: "[concat(parameters('factoryName'), '/default')]",
    type: 'Microsoft.DataFactory/factories/globalparameters',
    apiVersion: '2018-06-01',
    properties: Object.fromEntries(
      globals.map(([name, one]) => {
        const { type = null, value = null } = objectOf(one)
        const template = types[textOf(type).toLowerCase()] ?? 'string'
        return [name, { type, value: parameter(`default_properties_${name}_value`, template, value) }]
      }),
    ),
    dependsOn: [],
  }
}

/** A text that ARM would take for an expression is written with two brackets. */
function escape(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.startsWith('[') && value.endsWith(']') ? `[${value}` : value
  if (Array.isArray(value)) return value.map(escape)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escape(inner)]))
}

function references(value: JsonValue, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found
  if (!Array.isArray(value)) {
    const kind = referenced[textOf(value['type'])]
    if (kind !== undefined && typeof value['referenceName'] === 'string')
      found.add(`${kind}/${value['referenceName']}`)
  }
  for (const inner of Object.values(value)) references(inner, found)
  return found
}

async function documents(folder: string, part: string) {
  const names = (await readdir(join(folder, part)).catch(() => [])).filter((name) => name.endsWith('.json'))
  return Promise.all(
    names.toSorted().map(async (file) => {
      const document: JsonObject = JSON.parse(await readFile(join(folder, part, file), 'utf8'))
      return { name: textOf(document['name']), properties: objectOf(document['properties']) }
    }),
  )
}

function objectOf(value: JsonValue | undefined): Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
