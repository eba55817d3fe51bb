import { activeActivities, activityTree } from '../check/activity-tree.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { canonicalJson } from '../plan/canonical-json.ts'
import type { FactorySource, SourceFile } from '../plan/factory-source.ts'
import { kindOf, nameFromPath } from '../plan/factory-source.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject, show } from '../resource/fields.ts'
import { formatPlace } from '../text/place.ts'
import { parseText } from '../text/parse-text.ts'
import { adfForm } from './adf-form.ts'
import { isAdfType } from './adf-types.ts'

export interface ExportedFile {
  /** In ADF's git layout. */
  readonly path: string
  readonly text: string
}

/** What the export holds that ADF does not take, or what it leaves out. */
export interface ExportRemark {
  readonly file: string
  readonly line: number | null
  readonly place: string
  readonly message: string
}

export interface AdfExport {
  readonly files: readonly ExportedFile[]
  readonly remarks: readonly ExportRemark[]
}

/** Folders of ADF's git layout that are written as they are. */
const otherFolders = /^(dataflow|integrationRuntime|credential|managedVirtualNetwork|changeDataCapture)\//i
const rootFiles = /^(publish_config|arm-template-parameters-definition)\.json$/i

/** A factory as ADF's git layout. JSON that is ADF's already is written byte for byte. */
export function exportAdf(source: FactorySource): AdfExport {
  const files: ExportedFile[] = []
  const remarks: ExportRemark[] = []
  const kinds = source.files.map(({ path }) => kindOf(path))
  for (const [index, file] of source.files.entries()) {
    const kind = kinds[index]
    const remark = (message: string, place = '(file)', line: number | null = null): void => {
      remarks.push({ file: file.cut?.file ?? file.path, line, place, message })
    }
    const isUnknown = kind === 'other' && !otherFolders.test(file.path) && !rootFiles.test(file.path)
    if (kind === 'test' || isUnknown) {
      remark('is left out: ADF has no place for it')
      continue
    }
    if (kind === 'adfFactory' && kinds.includes('factory')) {
      remark('is left out: factory.yaml counts')
      continue
    }
    const parsed = file.cut?.parsed ?? parseText(file.text ?? '')
    const { value } = parsed
    if (!isObject(value)) {
      remark('is left out: it cannot be read')
      continue
    }
    const lineOf = parsed.positions
    if (kind === 'factory') {
      files.push(ownFactory(value, source.name))
      for (const key of Object.keys(value))
        if (!['name', 'globalparameters'].includes(key.toLowerCase()))
          remark('is left out: ADF has no place for it', key, lineOf.lineOf([key]))
      continue
    }
    if (kind === 'pipeline')
      for (const { type, path } of ownActivities(value))
        remark(
          `${show(type)} is an activity type of Headrace: ADF refuses the pipeline until another one takes its place`,
          formatPlace(value, [...path, 'type']),
          lineOf.lineOf([...path, 'type']),
        )
    files.push(
      kind === 'other'
        ? { path: jsonPath(file.path), text: textOf(file, value, value) }
        : resourceFile(file, value),
    )
  }
  if (source.files.some((file) => file.cut !== undefined))
    remarks.push({
      file: source.name,
      line: null,
      place: '(file)',
      message:
        'was an ARM template: values of its parameters, secrets among them, stand in the files that are written',
    })
  return { files, remarks }
}

function resourceFile(file: SourceFile, value: JsonObject): ExportedFile {
  const written = property(value, 'name')
  const name =
    typeof written === 'string' && /^[^/\\]+$/.test(written) && !/^\.+$/.test(written)
      ? written
      : nameFromPath(file.path)
  const form = adfForm(value)
  const complete = isObject(form) && written === undefined ? { name, ...form } : form
  const folder = file.path.slice(0, file.path.lastIndexOf('/'))
  return { path: `${folder}/${name}.json`, text: textOf(file, value, complete) }
}

/** `factory.yaml` as ADF's factory file. */
function ownFactory(value: JsonObject, folder: string): ExportedFile {
  const given = property(value, 'name')
  const name = typeof given === 'string' && /^[\w.-]+$/.test(given) ? given : folder
  const globalParameters = property(value, 'globalParameters') ?? {}
  return { path: `factory/${name}.json`, text: printed({ name, properties: { globalParameters } }) }
}

/** The file's own text where it says the same in JSON: numbers keep their digits. */
function textOf(file: SourceFile, before: JsonValue, after: JsonValue): string {
  const isJson = file.path.toLowerCase().endsWith('.json') && file.text !== null
  return isJson && canonicalJson(before) === canonicalJson(after) ? (file.text ?? '') : printed(after)
}

function printed(value: JsonValue): string {
  return `${JSON.stringify(value, null, 4)}\n`
}

function jsonPath(path: string): string {
  return path.replace(/\.ya?ml$/i, '.json')
}

function ownActivities(value: JsonObject) {
  const properties = property(value, 'properties')
  const list = isObject(properties) ? property(properties, 'activities') : undefined
  return [...activeActivities(activityTree(list, ['properties', 'activities']))].filter(
    ({ type }) => type !== '' && !isAdfType(type),
  )
}
