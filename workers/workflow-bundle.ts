import { createHash, randomUUID } from 'node:crypto'
import { globSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { bundleWorkflowCode } from '@temporalio/worker'

const root = join(import.meta.dirname, '..')
const workflowsPath = join(root, 'workflows/index.ts')
/** The rooms that end up in the bundle. */
const rooms = ['adf', 'engine', 'workflows']

/**
 * The workflow code as one file, from the cache where these very sources were bundled before: that saves about two seconds a
 * start. The file's name is the hash of all sources, of this file, and of the SDK's version.
 */
export async function workflowBundle(cacheFolder: string): Promise<{ codePath: string }> {
  const folder = join(cacheFolder, 'workflow-bundles')
  const codePath = join(folder, `${await sourcesHash()}.js`)
  if (globSync(codePath).length > 0) return { codePath }
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    // Loaded once for all runs, not once a run: these rooms keep nothing of a run in their modules, only caches of pure functions.
    preloadModules: [workflowsPath],
    logger: silent,
  })
  await mkdir(folder, { recursive: true })
  // Renamed when complete: several workers may start at once, in containers all with the same process id.
  const unfinished = `${codePath}.${randomUUID()}`
  await writeFile(unfinished, code)
  await rename(unfinished, codePath)
  return { codePath }
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256')
  const { version }: { version: string } = createRequire(import.meta.url)('@temporalio/worker/package.json')
  hash.update(version).update(await readFile(import.meta.filename))
  for (const file of globSync(`{${rooms.join(',')}}/**/*.ts`, { cwd: root }).toSorted())
    hash.update(`\0${file}\0`).update(await readFile(join(root, file)))
  return hash.digest('hex')
}

const none = (): void => {}
const silent = { log: none, trace: none, debug: none, info: none, warn: none, error: none }
