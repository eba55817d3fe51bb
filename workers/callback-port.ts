import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const file = 'callback-port'

/** The port that callbacks of this home were taken at last: addresses that were given out go on working after a restart. 0: none yet. */
export async function lastCallbackPort(folder: string): Promise<number> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => '')
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0
}

export async function rememberCallbackPort(folder: string, port: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, file), String(port))
}
