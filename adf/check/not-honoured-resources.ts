import type { JsonObject } from '../json.ts'
import { property } from '../plan/pipeline-scope.ts'
import { datasetTypes, locationProperties } from '../resource/dataset-types.ts'
import { show } from '../resource/fields.ts'
import { triggerTypes } from '../resource/trigger.ts'
import type { Path } from '../text/positions.ts'
import { textOf } from './activity-tree.ts'
import type { NotHonoured } from './not-honoured.ts'
import { asObject } from './not-honoured.ts'
import { unusedProperties } from './unused-properties.ts'

/** Of a dataset that a pipeline reaches. */
export function* notHonouredInDataset(raw: JsonObject): Generator<NotHonoured> {
  const typeProperties: Path = ['properties', 'typeProperties']
  const type = textOf(property(raw, 'type'))
  const given = asObject(raw, 'typeProperties')
  const known = Object.entries(datasetTypes).find(([name]) => name.toLowerCase() === type.toLowerCase())
  if (known !== undefined) yield* unusedProperties(given, known[1], typeProperties)
  else if (type !== '')
    yield {
      id: 'dataset-type',
      level: isFile(given) ? 'review' : 'unsupported',
      path: ['properties', 'type'],
      message: isFile(given)
        ? `${show(type)}: its rows are not read or written here; as files they can be listed, deleted and waited for`
        : `${show(type)} is no dataset that anything here reads; they are: ${Object.keys(datasetTypes).join(', ')}`,
    }
  const location = asObject(given, 'location')
  for (const key of Object.keys(location))
    if (!locationProperties.some((one) => one.toLowerCase() === key.toLowerCase()) && location[key] !== null)
      yield {
        id: 'unused-property',
        level: 'review',
        path: [...typeProperties, 'location', key],
        message: 'is not used here: what it asks for is not done',
      }
  yield* packed(given, typeProperties)
  for (const key of ['schema', 'structure']) {
    const value = property(raw, key)
    if (Array.isArray(value) && value.length > 0)
      yield {
        id: 'dataset-schema',
        level: 'note',
        path: ['properties', key],
        message: 'is read and not used',
      }
  }
}

/** Compressions that ADF has and nothing here reads or writes: the activity fails. */
function* packed(given: JsonObject, path: Path): Generator<NotHonoured> {
  const places: readonly [JsonObject, string, Path][] = [
    [given, 'compressionCodec', path],
    [asObject(given, 'compression'), 'type', [...path, 'compression']],
  ]
  for (const [owner, key, at] of places) {
    const codec = textOf(property(owner, key))
    if (/^(bzip2|zipdeflate|tar|targzip|lzo|lz4)$/i.test(codec))
      yield {
        id: 'compression',
        level: 'unsupported',
        path: [...at, key],
        message: `${show(codec)} is not read and not written here; gzip and deflate are`,
      }
  }
}

function isFile(given: JsonObject): boolean {
  return [given, asObject(given, 'location')].some((one) =>
    ['folderPath', 'fileName', 'container', 'fileSystem', 'bucketName', 'relativeUrl'].some(
      (key) => property(one, key) !== undefined,
    ),
  )
}

/** Of a trigger. */
export function* notHonouredInTrigger(raw: JsonObject): Generator<NotHonoured> {
  const type = property(raw, 'type')
  const runs = Object.keys(triggerTypes).some((one) => one.toLowerCase() === textOf(type).toLowerCase())
  if (typeof type === 'string' && !runs)
    yield {
      id: 'trigger-type',
      level: 'unsupported',
      path: ['properties', 'type'],
      message: `${type} does not run here: nothing starts its pipelines`,
    }
  else if (textOf(property(raw, 'runtimeState')).toLowerCase() !== 'started')
    yield {
      id: 'trigger-stopped',
      level: 'note',
      path: ['properties', 'runtimeState'],
      message: `is ${show(property(raw, 'runtimeState') ?? 'Stopped')}: it starts nothing until it is Started`,
    }
}

/** Lower-case names of the pipelines that a trigger starts, whatever its type. */
export function startedBy(raw: JsonObject): string[] {
  const several = property(raw, 'pipelines')
  const one = property(raw, 'pipeline')
  const started = [...(Array.isArray(several) ? several : []), ...(one === undefined ? [] : [one])]
  return started.flatMap((each) => {
    const name = property(asObject(each, 'pipelineReference'), 'referenceName')
    return typeof name === 'string' ? [name.toLowerCase()] : []
  })
}
