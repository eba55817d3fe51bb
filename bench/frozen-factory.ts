import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lake } from '../lake/lake.ts'

const factory = join(import.meta.dirname, '../factories/gelsight')

/** Puts the tables and documents of the GelSight factory into a lake as the plan of a run does: path in the factory → SHA-256. */
export async function freezeFactory(lake: Lake): Promise<Record<string, string>> {
  const paths = ['routine_schemas.yaml', 'ml/training_dataset.sql']
  for (const name of await readdir(join(factory, 'table'))) paths.push(`table/${name}`)
  const resources: Record<string, string> = {}
  for (const path of paths) {
    const bytes = await readFile(join(factory, path))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await lake.create(`_plans/${sha256}`, bytes)
    resources[path] = sha256
  }
  return resources
}
