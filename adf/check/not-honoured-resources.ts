import type { JsonObject, JsonValue } from '../json.ts'
import { property } from '../plan/pipeline-scope.ts'
import { isObject, show } from '../resource/fields.ts'
import { triggerTypes } from '../resource/trigger.ts'
import type { Path } from '../text/positions.ts'
import { textOf } from './activity-tree.ts'
import type { NotHonoured } from './not-honoured.ts'
import { asObject } from './not-honoured.ts'

/** Of a dataset that a pipeline reaches. */
export function* notHonouredInDataset(raw: JsonObject): Generator<NotHonoured> {
  const given = asObject(raw, 'typeProperties')
  const places = [given, asObject(given, 'location')]
  const isFile = places.some((one) =>
    ['folderPath', 'fileName', 'container', 'fileSystem'].some((key) => property(one, key) !== undefined),
  )
  if (!isFile)
    yield {
      id: 'dataset-place',
      level: 'review',
      path: ['properties', 'typeProperties'],
      message: `names no file or folder: Validation and GetMetadata fail on a dataset of type ${show(property(raw, 'type'))}`,
    }
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

/** Of a linked service that a pipeline reaches. */
export function* notHonouredInLinkedService(raw: JsonObject): Generator<NotHonoured> {
  const type = property(raw, 'type')
  const typeProperties = ['properties', 'typeProperties']
  if (typeof type === 'string' && type.toLowerCase() !== 'azureblobfs')
    yield {
      id: 'linked-service-type',
      level: 'review',
      path: ['properties', 'type'],
      message: `${show(type)}: where it leads is not followed by Validation and GetMetadata, which look into the lake of the installation`,
    }
  if (property(raw, 'connectVia') !== undefined)
    yield {
      id: 'integration-runtime',
      level: 'note',
      path: ['properties', 'connectVia'],
      message:
        'is not used: workers take the place of integration runtimes, and must reach what this connects to',
    }
  yield* secretsIn(property(raw, 'typeProperties') ?? null, typeProperties)
}

function* secretsIn(value: JsonValue, path: Path): Generator<NotHonoured> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* secretsIn(item, [...path, index])
    return
  }
  if (!isObject(value)) return
  if (property(value, 'type') === 'AzureKeyVaultSecret')
    yield {
      id: 'key-vault',
      level: 'review',
      path,
      message: 'is a secret of Azure Key Vault, which is not fetched',
    }
  for (const [key, inner] of Object.entries(value)) {
    if (/^encryptedCredential$/i.test(key))
      yield {
        id: 'encrypted-credential',
        level: 'review',
        path: [...path, key],
        message: 'can be read by Azure only; give the credential itself to the installation',
      }
    else if (/^credential$/i.test(key))
      yield {
        id: 'credential',
        level: 'review',
        path: [...path, key],
        message: 'is an identity of Azure, which is not used',
      }
    else yield* secretsIn(inner, [...path, key])
  }
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
