import type { JsonObject } from '../../adf/json.ts'

/** What a copy did. Null: does not apply, or is not known; such keys are left out. */
export interface CopyResult {
  readonly sourceType: string
  readonly sinkType: string
  readonly start: Date
  readonly end: Date
  readonly dataRead: number | null
  readonly dataWritten: number | null
  readonly filesRead: number | null
  readonly filesWritten: number | null
  readonly filesSkipped: number | null
  readonly rowsRead: number | null
  readonly rowsCopied: number | null
  readonly rowsSkipped: number | null
  readonly parallelCopies: number
  readonly logFilePath: string | null
  readonly redirectRowPath: string | null
  /** Whether data was verified, and whether what was inconsistent was left out; null: not asked for. */
  readonly verified: 'None' | 'Skipped' | null
}

/** The activity's output as ADF's Copy gives it: sizes in bytes, durations in seconds, throughput in KB a second. */
export function copyOutput(result: CopyResult): JsonObject {
  const { start, end, dataRead, dataWritten } = result
  const seconds = (end.getTime() - start.getTime()) / 1000
  const duration = Math.max(1, Math.round(seconds))
  const moved = dataRead ?? dataWritten
  return {
    ...known({
      dataRead,
      dataWritten,
      filesRead: result.filesRead,
      filesWritten: result.filesWritten,
      filesSkipped: result.filesSkipped,
      sourcePeakConnections: 1,
      sinkPeakConnections: 1,
      rowsRead: result.rowsRead,
      rowsCopied: result.rowsCopied,
      rowsSkipped: result.rowsSkipped,
    }),
    copyDuration: duration,
    ...(moved === null
      ? {}
      : { throughput: Math.round((moved / 1024 / Math.max(seconds, 0.001)) * 1000) / 1000 }),
    errors: [],
    ...known({ logFilePath: result.logFilePath, redirectRowPath: result.redirectRowPath }),
    ...(result.verified === null
      ? {}
      : {
          dataConsistencyVerification: { VerificationResult: 'Verified', InconsistentData: result.verified },
        }),
    effectiveIntegrationRuntime: 'Headrace',
    usedParallelCopies: result.parallelCopies,
    executionDetails: [
      {
        source: { type: result.sourceType },
        sink: { type: result.sinkType },
        status: 'Succeeded',
        start: start.toISOString(),
        duration,
        usedParallelCopies: result.parallelCopies,
        detailedDurations: { queuingDuration: 0, transferDuration: duration },
      },
    ],
  }
}

function known(values: Readonly<Record<string, string | number | null>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
