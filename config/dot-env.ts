import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/** The variables of a folder's `.env`; none where there is no such file. */
export function readDotEnv(folder: string): NodeJS.Dict<string> {
  const file = join(folder, '.env')
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {}
    throw new Error(`${file} cannot be read; make it readable or remove it`, { cause })
  }
}
