import { copySinkTypes } from '../../../adf/activity/copy/sink-types.ts'
import { copySourceTypes } from '../../../adf/activity/copy/source-types.ts'
import { DataError, DefinitionError } from '../../../adf/errors.ts'
import type { JsonObject } from '../../../adf/json.ts'
import type { ResolvedDataset } from '../../../adf/run/run.ts'
import type { FileStore } from '../../../stores/file-store.ts'
import type { Store } from '../../../stores/store.ts'
import type { ActivityContext, Dependencies } from '../../activity.ts'
import { datasetPlace, storePath } from '../../dataset-place.ts'
import { copyOutput } from '../copy-output.ts'
import type { CopyTask } from '../copy-task.ts'
import { parsePart } from '../files/dataset-properties.ts'
import { automaticName, checkDistinct } from '../files/file-names.ts'
import { isOneFile, selectFiles, type SelectedFile } from '../files/select-files.ts'
import { openCopyLog, type SessionLog } from '../session-log.ts'
import { compressionOf, type WholeCompression } from './binary-form.ts'
import { mergeFiles } from './merge-files.ts'
import { Inconsistent, transfer } from './transfer.ts'
import { whyLeftOut } from './skip-error-file.ts'

/** Files at a time where parallelCopies does not say it: a disk gains little from more, a remote store waits less. */
const defaultParallel = 4

/** A file of the source and the name that it gets. */
export interface FilePair {
  readonly source: SelectedFile
  readonly target: string
}

/** Copies files as they are, one after the other complete under its name; a repeated call goes on behind what is done. */
export async function copyFiles(
  task: CopyTask<'BinarySource', 'BinarySink'>,
  context: ActivityContext,
  dependencies: Dependencies,
): Promise<JsonObject> {
  const { invocation, properties, input, output } = task
  const start = new Date()
  const source = parsePart(copySourceTypes.BinarySource, properties.source, 'source')
  const sink = parsePart(copySinkTypes.BinarySink, properties.sink, 'sink')
  const from = filesOf(await dependencies.stores.open(input.linkedService), input)
  const to = filesOf(await dependencies.stores.open(output.linkedService), output)
  const storeSettings = source.storeSettings ?? {}
  const place = datasetPlace(input)
  const forms = { read: compressionOf(input), write: compressionOf(output) }
  const files: SelectedFile[] = []
  for await (const file of selectFiles(from, place, storeSettings)) {
    context.signal.throwIfAborted()
    files.push(file)
  }
  const behavior = sink.storeSettings?.copyBehavior ?? 'PreserveHierarchy'
  const target = datasetPlace(output)
  const folder = storePath(target.container, target.folder)
  const log = await openCopyLog(properties, invocation, dependencies.stores)
  const verify = properties.validateDataConsistency
  const parallel = properties.parallelCopies ?? defaultParallel
  const totals = { read: 0, written: 0, dataRead: 0, dataWritten: 0, skipped: 0, inconsistent: false }
  try {
    if (behavior === 'MergeFiles') {
      const name = target.file ?? automaticName(invocation)
      const merged = await mergeFiles({
        from,
        to,
        files,
        forms,
        path: storePath(folder, name),
        signal: context.signal,
      })
      totals.read = files.length
      totals.written = 1
      totals.dataRead = merged.read
      totals.dataWritten = merged.written
      for (const file of files) await deleteSource(from, file, storeSettings.deleteFilesAfterCompletion)
    } else {
      const pairs = targetsOf(
        files,
        { behavior, folder, file: target.file, forms, oneFile: isOneFile(place, storeSettings) },
        task,
      )
      const before = doneBefore(context, pairs, storeSettings.deleteFilesAfterCompletion === true)
      let finished = before
      const ended = new Set<number>()
      await inParallel(pairs.length, before, parallel, async (index) => {
        const pair = pairs[index]
        if (pair === undefined) return
        context.signal.throwIfAborted()
        try {
          const moved = await transfer({
            from,
            to,
            pair,
            forms,
            verify,
            repeated: context.attempt > 1,
            signal: context.signal,
          })
          totals.read += 1
          totals.written += 1
          totals.dataRead += moved.read
          totals.dataWritten += moved.written
          await logCopied(log, pair)
          await deleteSource(from, pair.source, storeSettings.deleteFilesAfterCompletion)
        } catch (error) {
          const reason = whyLeftOut(error, properties.skipErrorFile)
          if (reason === null) throw explained(error, pair)
          totals.skipped += 1
          if (error instanceof Inconsistent) totals.inconsistent = true
          await log.add('Warning', 'FileSkip', pair.source.path, `File is skipped: ${reason}`)
        }
        ended.add(index)
        while (ended.delete(finished)) finished += 1
        context.progress({ done: finished, total: pairs.length, unit: 'files', bytes: totals.dataWritten })
        context.checkpoint({ files: finished, last: pairs[finished - 1]?.source.path ?? null })
      })
      for (const { source: done, target: path } of pairs.slice(0, before)) {
        totals.read += 1
        totals.written += 1
        totals.dataRead += done.size ?? 0
        totals.dataWritten += (await to.stat(path))?.size ?? 0
      }
    }
    const logFilePath = await log.publish()
    return copyOutput({
      sourceType: input.linkedService.type,
      sinkType: output.linkedService.type,
      start,
      end: new Date(),
      dataRead: totals.dataRead,
      dataWritten: totals.dataWritten,
      filesRead: totals.read,
      filesWritten: totals.written,
      filesSkipped: properties.skipErrorFile === undefined ? null : totals.skipped,
      rowsRead: null,
      rowsCopied: null,
      rowsSkipped: null,
      parallelCopies: Math.max(1, Math.min(parallel, files.length)),
      logFilePath,
      redirectRowPath: null,
      verified: verify ? (totals.inconsistent ? 'Skipped' : 'None') : null,
    })
  } finally {
    await log.discard()
  }
}

export function filesOf(store: Store, dataset: ResolvedDataset): FileStore {
  if (dataset.type.toLowerCase() !== 'binary')
    throw new DefinitionError(
      `Binary copies a dataset of type Binary; '${dataset.name}' is of type ${dataset.type}`,
    )
  if (store.kind === 'files') return store
  throw new DefinitionError(
    `Binary copies files, and linked service '${dataset.linkedService.name}' (${dataset.linkedService.type}) is a database`,
  )
}

/**
 * How many files, in order, an earlier attempt saw complete. None where the files are not the same any more: what is there then is compared
 * by its content.
 */
function doneBefore(
  { attempt, cursor }: ActivityContext,
  pairs: readonly FilePair[],
  deleted: boolean,
): number {
  if (attempt === 1 || deleted || typeof cursor !== 'object' || cursor === null || Array.isArray(cursor))
    return 0
  const { files, last } = cursor
  if (typeof files !== 'number' || files < 1) return 0
  return pairs[files - 1]?.source.path === last ? files : 0
}

function targetsOf(
  files: readonly SelectedFile[],
  sink: {
    readonly behavior: 'PreserveHierarchy' | 'FlattenHierarchy'
    readonly folder: string
    readonly file: string | null
    readonly forms: { readonly read: WholeCompression | null; readonly write: WholeCompression | null }
    readonly oneFile: boolean
  },
  { invocation, output }: CopyTask<'BinarySource', 'BinarySink'>,
): FilePair[] {
  if (sink.file !== null && files.length > 1)
    throw new DefinitionError(
      `${files.length} files would all become ${sink.file}, the fileName of dataset '${output.name}'; leave fileName out, or use copyBehavior MergeFiles`,
    )
  const names = new Map<string, string>()
  return files.map((source) => {
    const ending = sink.forms.write?.extension ?? ''
    const plain = sink.forms.read === null ? source.relative : sink.forms.read.unpackedName(source.relative)
    const flat = `${automaticName(invocation, source.path)}${/\.[^./]*$/.exec(plain)?.[0] ?? ''}`
    const name = sink.file ?? `${sink.behavior === 'FlattenHierarchy' ? flat : plain}${ending}`
    checkDistinct(names, name, source.path)
    names.set(name, source.path)
    return { source, target: storePath(sink.folder, name) }
  })
}

async function logCopied(log: SessionLog, { source, target }: FilePair): Promise<void> {
  await log.add('Info', 'FileRead', source.path, 'Complete reading file successfully.')
  await log.add('Info', 'FileWrite', target, `Complete writing file from ${source.path} successfully.`)
}

async function deleteSource(from: FileStore, file: SelectedFile, wanted: boolean | undefined): Promise<void> {
  if (wanted === true) await from.delete(file.path)
}

function explained(error: unknown, pair: FilePair): unknown {
  if (!(error instanceof Inconsistent)) return error
  return new DataError(
    `${pair.source.path}: ${error.message}; set skipErrorFile.dataInconsistency to leave such files out`,
    {
      cause: error,
    },
  )
}

/** Runs the work of each index from `first`, so many at a time; the first failure ends all. */
async function inParallel(
  count: number,
  first: number,
  limit: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = first
  let failed = false
  const lane = async (): Promise<void> => {
    while (next < count && !failed) {
      const index = next
      next += 1
      try {
        await work(index)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const lanes = Array.from({ length: Math.max(1, Math.min(limit, count - first)) }, lane)
  const ended = await Promise.allSettled(lanes)
  const failure = ended.find((one) => one.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
