import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where the runs of one call keep what must not lie in a home: the factory that they run, addresses of receivers. */
export interface Workshop extends AsyncDisposable {
  readonly factory: string
  /** Reference to a file that holds a secret. */
  secret(name: string, value: string): Promise<string>
}

/**
 * The GelSight factory with one difference: its activities are retried after two seconds and not after thirty, as often as before. A disk
 * is full for less than that.
 */
export async function openWorkshop(): Promise<Workshop> {
  const root = await mkdtemp(join(tmpdir(), 'headrace-chaos-'))
  const factory = join(root, 'factory')
  await cp(join(import.meta.dirname, '../../factories/gelsight'), factory, { recursive: true })
  const pipelines = join(factory, 'pipeline')
  for (const name of await readdir(pipelines)) {
    const file = join(pipelines, name)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replaceAll('retryIntervalInSeconds: 30', 'retryIntervalInSeconds: 2'))
  }
  return {
    factory,
    async secret(name, value) {
      const file = join(root, name)
      await writeFile(file, value)
      return `file:${file}`
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}
