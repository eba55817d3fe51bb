import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { editorSchemas, jsonSchema } from '../../adf/resource/json-schema.ts'
import { tableContract } from '../../tables/contract.ts'
import { testFile } from '../../testing/read-tests.ts'

/** `node clients/factory/write-schema.ts [--check]`: the schemas that editors read, in docs/schema/; `--check` fails where one is stale. */
export async function writeSchemas(folder: string, check: boolean): Promise<string[]> {
  const schemas = {
    ...editorSchemas(),
    table: { title: 'Headrace table', ...jsonSchema(tableContract) },
    test: { title: 'Headrace tests of a pipeline', ...jsonSchema(testFile) },
  }
  const stale: string[] = []
  await mkdir(folder, { recursive: true })
  for (const [name, schema] of Object.entries(schemas)) {
    const path = join(folder, `${name}.json`)
    const text = `${JSON.stringify(schema, null, 2)}\n`
    const before = await readFile(path, 'utf8').catch(() => null)
    if (before === text) continue
    stale.push(path)
    if (!check) await writeFile(path, text)
  }
  return stale
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check')
  const folder = join(import.meta.dirname, '../../docs/schema')
  const stale = await writeSchemas(folder, check)
  for (const path of stale) {
    if (check) console.error(`${path} is not what the definitions say; run: npm run schema`)
    else console.log(`wrote ${path}`)
  }
  if (check && stale.length > 0) process.exit(1)
}
