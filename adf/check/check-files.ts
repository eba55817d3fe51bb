import type { JsonValue } from '../json.ts'
import type { FactorySource } from '../plan/factory-source.ts'
import { kindOf, nameFromPath } from '../plan/factory-source.ts'
import type { Factory } from '../plan/load-factory.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject, show } from '../resource/fields.ts'
import { parseText } from '../text/parse-text.ts'
import type { Finding } from './finding.ts'

/** Folders of ADF's git layout whose resources are read by nobody here, and what that means. */
const unusedKinds: Readonly<Record<string, string>> = {
  dataflow: 'data flows do not run here',
  integrationruntime:
    'workers take its place: all of them, or those of the task queue that integrationRuntimes of factory.yaml names',
  managedvirtualnetwork: 'workers run in networks of your own',
  changedatacapture: 'change data capture resources do not run here',
}

/** Of ADF's factory file: what is used, or only describes where it came from. */
const factoryKeys = new Set(['globalparameters', 'name', 'createtime', 'provisioningstate', 'version'])

/** What a factory's other files say that nothing here does. */
export function* checkFactoryFiles(source: FactorySource, factory: Factory): Generator<Finding> {
  for (const file of source.files) {
    const where = { file: file.cut?.file ?? file.path, place: '(file)' }
    const kind = (file.path.split('/')[0] ?? '').toLowerCase()
    const why = kindOf(file.path) === 'other' ? unusedKinds[kind] : undefined
    if (why !== undefined && /\.json$|\.ya?ml$/i.test(file.path))
      yield {
        id: 'resource-kind',
        level: 'note',
        ...where,
        line: file.cut?.parsed.positions.lineOf([]) ?? null,
        message: `${show(nameFromPath(file.path))} is not used: ${why}`,
      }
    if (kindOf(file.path) === 'adfFactory')
      yield* ofFactoryFile(file.text ?? '', file.cut?.parsed.value, where.file)
  }
  if (source.files.every((file) => kindOf(file.path) !== 'pipeline'))
    yield {
      id: 'no-pipeline',
      level: 'review',
      ...factory.issues.locate([]),
      message: 'there is no pipeline',
    }
}

function* ofFactoryFile(text: string, cut: JsonValue | undefined, file: string): Generator<Finding> {
  const parsed = cut === undefined ? parseText(text) : { value: cut, positions: null }
  const properties = isObject(parsed.value) ? property(parsed.value, 'properties') : undefined
  if (!isObject(properties)) return
  for (const key of Object.keys(properties)) {
    if (factoryKeys.has(key.toLowerCase())) continue
    const line = parsed.positions?.lineOf(['properties', key]) ?? null
    yield { id: 'factory-property', level: 'note', file, line, place: key, message: 'is read and not used' }
  }
}
