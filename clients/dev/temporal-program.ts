import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { buildWithGo } from './build-temporal.ts'
import { downloadTemporal, type ObtainRequest } from './download-temporal.ts'
import { withFileLock } from './file-lock.ts'
import type { Report } from './report.ts'

/** Newer tags of the CLI have `replace` lines, which `go install` refuses. */
export const temporalVersion = '1.5.1'

export type ProgramSettings = Pick<Settings, 'temporalCli' | 'searchPath' | 'cache'>

/** Puts the program where the request says. Null: done; else why it did not work. */
export type Way = (request: ObtainRequest) => Promise<string | null>

/**
 * The `temporal` program: TEMPORAL_CLI, PATH, cache; where all of these fail it is downloaded, else built with Go, into the
 * cache, by one process at a time. Throws with the ways to get it when nothing works.
 */
export async function obtainTemporal(
  settings: ProgramSettings,
  report: Report,
  ways: readonly Way[] = [downloadTemporal, buildWithGo],
): Promise<string> {
  const found = findTemporal(settings)
  if (found !== null) return found
  const target = cachedTemporal(settings.cache)
  return withFileLock(
    `${target}.lock`,
    async () => {
      if (isExecutable(target)) return target
      const failures: string[] = []
      for (const way of ways) {
        const failure = await way({
          version: temporalVersion,
          target,
          searchPath: settings.searchPath,
          report,
        })
        if (failure === null) return target
        failures.push(failure)
      }
      throw new Error(
        [
          `Temporal ${temporalVersion} could not be obtained:`,
          ...failures.map((failure) => `  - ${failure}`),
          'Install the `temporal` program (https://docs.temporal.io/cli) and put it on PATH, or name it by TEMPORAL_CLI.',
        ].join('\n'),
      )
    },
    (holder) => report(`Process ${holder.pid} is obtaining Temporal; waiting for it …`),
  )
}

/** The program without obtaining it; null when it is nowhere. Throws when TEMPORAL_CLI names something else than a program. */
export function findTemporal(settings: ProgramSettings): string | null {
  if (settings.temporalCli !== null) {
    if (isExecutable(settings.temporalCli)) return settings.temporalCli
    throw new Error(
      `TEMPORAL_CLI is ${settings.temporalCli}, which is no executable file; correct it or unset it`,
    )
  }
  const candidates = [
    ...settings.searchPath.map((folder) => join(folder, programName)),
    cachedTemporal(settings.cache),
  ]
  return candidates.find(isExecutable) ?? null
}

export function cachedTemporal(cache: string): string {
  return join(cache, `temporal-${temporalVersion}`, programName)
}

const programName = process.platform === 'win32' ? 'temporal.exe' : 'temporal'

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
