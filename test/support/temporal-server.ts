import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { endProcess } from '../../clients/dev/process-identity.ts'
import { obtainTemporal } from '../../clients/dev/temporal-program.ts'
import { startTemporalServer } from '../../clients/dev/temporal-server.ts'
import { loadSettings } from '../../config/settings.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the server that all tests of a run share: each uses its own task queue and workflow ids. */
    temporalAddress: string
    temporalNamespace: string
  }
}

/** One Temporal server for the whole run, on free ports, with its file in a temporary folder. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-temporal-'))
  const program = await obtainTemporal(loadSettings(), (line) => console.log(line))
  const server = await startTemporalServer({
    program,
    folder,
    logFile: join(folder, 'temporal.log'),
    namespace: 'default',
    port: null,
    uiPort: null,
  })
  project.provide('temporalAddress', server.address)
  project.provide('temporalNamespace', 'default')
  return async () => {
    await endProcess(server)
    rmSync(folder, { recursive: true, force: true })
  }
}
