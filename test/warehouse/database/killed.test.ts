import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openedDatabase, rowStream, select, writeInput } from './opened.ts'

const program = fileURLToPath(new URL('./writing-process.ts', import.meta.url))

/** Runs the writing process until it says something, and kills it then. */
async function killedAt(file: string, mode: string): Promise<string> {
  const child = spawn(process.execPath, [program, file, mode], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  return String(said).trim()
}

it('writes once when the process is killed in the middle, and when it is killed after the commit', async () => {
  const database = await openedDatabase()
  expect(await killedAt(database.file, 'hang')).toBe('in the middle')
  expect(await database.columns({ schema: null, table: 'T' })).toBe(null)
  expect(await killedAt(database.file, 'finish')).toBe('committed')
  const again = writeInput('T', rowStream([{ name: 'Id', type: 'int' }], [[1]]), { once: 'w' })
  expect(await database.write(again)).toEqual({ rowsWritten: 5000 })
  expect(await select(database, 'SELECT COUNT(*) FROM T')).toEqual([[5000]])
})
