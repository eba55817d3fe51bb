import { getMetadataProperties } from '../adf/activity/get-metadata.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'
import type { Lake } from '../lake/lake.ts'
import type { ActivityFunction } from './activity.ts'
import { placeOf } from './dataset-place.ts'
import { parseProperties } from './properties.ts'

/**
 * Tells what a file or folder of the lake is, in ADF's words. The output holds the fields that were asked. What is not there gives
 * `exists: false` and nothing else where `exists` was asked, else a failure that is retried. Folders of a lake exist while they hold something.
 */
export const getMetadata: ActivityFunction = async (invocation, _context, { lake }) => {
  const { dataset: reference, fieldList } = parseProperties(getMetadataProperties, invocation)
  const dataset = invocation.datasets[reference.referenceName]
  if (dataset === undefined) {
    throw new DefinitionError(
      `activity "${invocation.name}" names dataset ${JSON.stringify(reference.referenceName)}, which the run was not given; start a new run`,
    )
  }
  const { folder, file } = placeOf(dataset)
  const place = file === null ? folder : folder === '' ? file : `${folder}/${file}`
  const known = await (file === null ? folderMetadata(lake, folder) : fileMetadata(lake, place))
  if (known === null) {
    if (fieldList.includes('exists')) return { exists: false }
    throw new Error(
      `${place} is not in the lake; add exists to the fieldList where that is no failure (dataset '${dataset.name}')`,
    )
  }
  const output: Record<string, JsonValue> = {}
  for (const field of fieldList) {
    const value = known[field]
    if (value === undefined) {
      throw new DefinitionError(
        `activity "${invocation.name}" asks for ${field}, which a ${file === null ? 'folder' : 'file'} such as ${place} does not have; it has: ${Object.keys(known).join(', ')}`,
      )
    }
    output[field] = value
  }
  return output
}

async function fileMetadata(lake: Lake, path: string): Promise<JsonObject | null> {
  const found = await lake.stat(path)
  if (found === null) return null
  return {
    exists: true,
    itemName: path.slice(path.lastIndexOf('/') + 1),
    itemType: 'File',
    size: found.size,
    lastModified: found.modified.toISOString(),
  }
}

async function folderMetadata(lake: Lake, folder: string): Promise<JsonObject | null> {
  const children = await lake.children(folder)
  if (children.length === 0) return null
  return {
    exists: true,
    itemName: folder.slice(folder.lastIndexOf('/') + 1),
    itemType: 'Folder',
    childItems: children.map(({ name, type }) => ({ name, type })),
  }
}
