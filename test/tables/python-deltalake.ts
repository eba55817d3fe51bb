import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const release = '1.6.6'
const folder = join(homedir(), '.cache', 'headrace', 'python', `deltalake-${release}`)
const python = join(folder, 'bin', 'python')

/** Makes a virtual environment with the `deltalake` package in the user's cache, once. Answers why it is not there, or null. */
function install(): string | null {
  if (existsSync(join(folder, 'ready'))) return null
  const made = spawnSync('python3', ['-m', 'venv', folder], { encoding: 'utf8' })
  if (made.status !== 0) return `python3 -m venv does not work here: ${made.error?.message ?? made.stderr}`
  const pip = spawnSync(python, ['-m', 'pip', 'install', '--quiet', `deltalake==${release}`], {
    encoding: 'utf8',
  })
  if (pip.status !== 0)
    return `pip cannot install deltalake ${release}: ${pip.stderr.trim().split('\n').at(-1)}`
  execFileSync('touch', [join(folder, 'ready')])
  return null
}

/** Null: Python reads tables here. Else the reason why those tests are skipped. */
export const pythonMissing = install()

export type PythonRow = Record<string, unknown>

/** What Python's deltalake sees in a table's folder. */
export function readWithPython(table: string, version?: number): { version: number; rows: PythonRow[] } {
  const found = ask(table, version, ['true'])
  return { version: found.version, rows: found.rows.flat() }
}

/** The rows of each condition, which Python's deltalake narrows by the log's statistics and partition values. */
export function findWithPython(table: string, conditions: readonly string[]): PythonRow[][] {
  return ask(table, undefined, conditions).rows
}

function ask(
  table: string,
  version: number | undefined,
  where: readonly string[],
): { version: number; rows: PythonRow[][] } {
  const script = join(import.meta.dirname, 'read-delta.py')
  const asked = JSON.stringify({ version: version ?? null, where })
  return JSON.parse(execFileSync(python, [script, table, asked], { encoding: 'utf8', maxBuffer: 2 ** 28 }))
}

/** Runs a program that finds the table's folder in TABLE. */
export function runPython(program: string, table: string): void {
  execFileSync(python, ['-c', `TABLE = ${JSON.stringify(table)}\n${program}`], {
    encoding: 'utf8',
    stdio: 'pipe',
  })
}
