import { deleteProperties } from '../adf/activity/delete.ts'
import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject } from '../adf/json.ts'
import { StoredFileMissing } from '../stores/file-store.ts'
import type { ActivityFunction } from './activity.ts'
import { noLog, openLog } from './copy/session-log.ts'
import { isOneFile, searchedFolder, selectFiles, usesWildcard } from './copy/files/select-files.ts'
import { datasetOf, datasetPlace } from './dataset-place.ts'
import { parseProperties } from './properties.ts'

/**
 * Deletes the files that a dataset and storeSettings mean; a folder that is meant as a whole goes with them. Lists before it deletes, so
 * that nothing that arrives meanwhile is taken along. A repeated call finds less and succeeds.
 */
export const deleteFiles: ActivityFunction = async (invocation, context, { stores }) => {
  const properties = parseProperties(deleteProperties, invocation)
  const dataset = datasetOf(invocation, properties.dataset.referenceName)
  const store = await stores.open(dataset.linkedService)
  if (store.kind !== 'files')
    throw new DefinitionError(
      `activity "${invocation.name}" deletes files, and linked service '${dataset.linkedService.name}' (${dataset.linkedService.type}) is a database`,
    )
  const { logStorageSettings, maxConcurrentConnections = 1 } = properties
  const recursive = properties.storeSettings?.recursive ?? properties.recursive ?? false
  const settings = { ...properties.storeSettings, recursive }
  const place = datasetPlace(dataset)
  const folder = searchedFolder(place, settings)
  if (
    folder === '' &&
    place.file === null &&
    !usesWildcard(settings) &&
    (settings.prefix ?? '') === '' &&
    (settings.fileListPath ?? '') === ''
  )
    throw new DefinitionError(
      `activity "${invocation.name}" would delete all of linked service '${dataset.linkedService.name}': dataset '${dataset.name}' names no folder and no file`,
    )
  if (properties.enableLogging && logStorageSettings === undefined)
    throw new DefinitionError(`activity "${invocation.name}" has enableLogging without logStorageSettings`)
  const log =
    properties.enableLogging && logStorageSettings !== undefined
      ? await openLog(logStorageSettings, 'delete-logs', true, invocation, stores)
      : noLog
  try {
    const paths: string[] = []
    try {
      for await (const { path } of selectFiles(store, place, settings)) {
        context.signal.throwIfAborted()
        paths.push(path)
      }
    } catch (error) {
      // The attempt before this one deleted it.
      if (!(error instanceof StoredFileMissing && context.attempt > 1)) throw error
    }
    for (const [index, path] of paths.entries()) {
      context.signal.throwIfAborted()
      await store.delete(path)
      await log.add('Info', 'Delete', path, 'Deleted')
      context.progress({ done: index + 1, total: paths.length, unit: 'files' })
    }
    const isChosen =
      isOneFile(place, settings) ||
      usesWildcard(settings) ||
      [
        settings.prefix,
        settings.fileListPath,
        settings.modifiedDatetimeStart,
        settings.modifiedDatetimeEnd,
      ].some((one) => one !== undefined && one !== '')
    if (recursive && !isChosen && !(await holdsFiles(store.list(folder, { recursive: true }))))
      await store.deleteFolder(folder)
    const logPath = await log.publish()
    const output: JsonObject = {
      datasetName: dataset.name,
      path: folder,
      type: `${dataset.linkedService.type}ReadSettings`,
      recursive,
      isWildcardUsed: usesWildcard(settings),
      maxConcurrentConnections,
      filesDeleted: paths.length,
      ...(logPath === null ? {} : { logPath }),
      effectiveIntegrationRuntime: 'Headrace',
    }
    return output
  } finally {
    await log.discard()
  }
}

async function holdsFiles(files: AsyncIterable<unknown>): Promise<boolean> {
  for await (const _ of files) return true
  return false
}
