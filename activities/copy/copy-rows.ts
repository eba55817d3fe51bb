import type { JsonObject } from '../../adf/json.ts'
import type { ActivityContext, Dependencies } from '../activity.ts'
import { copyOutput } from './copy-output.ts'
import type { CopyTask } from './copy-task.ts'
import type { SelectedFile } from './files/select-files.ts'
import { copyPart, type PartResult } from './copy-part.ts'
import { openCopyLog } from './session-log.ts'
import { sinks } from './sinks.ts'
import { sources } from './sources.ts'

/** A tabular copy: a relation of a DuckDB session, its columns mapped, written by the sink. */
export async function copyRows(
  task: CopyTask<keyof typeof sources, keyof typeof sinks>,
  context: ActivityContext,
  dependencies: Dependencies,
): Promise<JsonObject> {
  const { invocation, properties, input, output, sourceType, sinkType } = task
  const { signal } = context
  const start = new Date()
  const base = { invocation, dependencies, signal }
  const source = await sources[sourceType]({
    ...base,
    otherType: sinkType,
    settings: properties.source,
    dataset: input,
    store: await dependencies.stores.open(input.linkedService),
  })
  try {
    const sink = await sinks[sinkType]({
      ...base,
      otherType: sourceType,
      settings: properties.sink,
      dataset: output,
      store: await dependencies.stores.open(output.linkedService),
    })
    const target = (await sink.columns?.()) ?? null
    const parts: (SelectedFile | null)[] =
      sink.fileByFile === true && source.files !== undefined ? [...source.files] : [null]
    const log = await openCopyLog(properties, invocation, dependencies.stores)
    const done: PartResult[] = []
    try {
      const { duckdb } = dependencies
      for (const [index, file] of parts.entries()) {
        signal.throwIfAborted()
        done.push(await copyPart({ duckdb, source, sink, target, properties, log, signal }, file))
        const rows = sum(done, ({ result }) => result.rowsCopied) ?? 0
        context.progress({ done: index + 1, total: parts.length, unit: 'files', rows })
      }
      const skips = properties.enableSkipIncompatibleRow
      const rowsCopied = sum(done, ({ result }) => result.rowsCopied)
      const rowsSkipped = sum(done, (part) => part.rowsSkipped) ?? 0
      const logPath = await log.publish()
      const redirects =
        properties.logSettings === undefined && properties.redirectIncompatibleRowSettings !== undefined
      await source.finish?.()
      return copyOutput({
        sourceType: input.linkedService.type,
        sinkType: output.linkedService.type,
        start,
        end: new Date(),
        dataRead: sum(done, ({ relation }) => relation.dataRead),
        dataWritten: sum(done, ({ result }) => result.dataWritten),
        filesRead: source.files === undefined ? null : sum(done, ({ relation }) => relation.filesRead),
        filesWritten: sum(done, ({ result }) => result.filesWritten),
        filesSkipped: null,
        rowsRead: rowsCopied === null ? null : rowsCopied + rowsSkipped,
        rowsCopied,
        rowsSkipped: skips ? rowsSkipped : null,
        parallelCopies: 1,
        logFilePath: redirects ? null : logPath,
        redirectRowPath: redirects ? logPath : null,
        verified: properties.validateDataConsistency ? 'None' : null,
      })
    } finally {
      await log.discard()
    }
  } finally {
    await source.close?.()
  }
}

/** Null where a part is not known. */
function sum<T>(parts: readonly T[], value: (part: T) => number | null): number | null {
  let total = 0
  for (const part of parts) {
    const one = value(part)
    if (one === null) return null
    total += one
  }
  return total
}
