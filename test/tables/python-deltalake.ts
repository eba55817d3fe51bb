import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

const release = '1.6.6'
const folder = join(homedir(), '.cache', 'headrace', 'python', `deltalake-${release}`)
const installLimitMs = 100_000
const python = join(folder, 'bin', 'python')

/**
 * Makes a virtual environment with the `deltalake` package in the user's cache, once: test files that start at the same time wait for
 * the first. Answers why it is not there, or null.
 */
function install(): string | null {
  const lock = `${folder}.lock`
  const started = Date.now()
  while (!existsSync(folder)) {
    try {
      mkdirSync(dirname(folder), { recursive: true })
      mkdirSync(lock)
    } catch {
      if (Date.now() - started > installLimitMs) return `another process holds ${lock}; remove it`
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
      continue
    }
    try {
      return existsSync(folder) ? null : create()
    } finally {
      rmSync(lock, { recursive: true })
    }
  }
  return null
}

function create(): string | null {
  const unfinished = `${folder}.${process.pid}`
  try {
    const made = spawnSync('python3', ['-m', 'venv', unfinished], { encoding: 'utf8' })
    if (made.status !== 0) return `python3 -m venv does not work here: ${made.error?.message ?? made.stderr}`
    const pip = spawnSync(
      join(unfinished, 'bin', 'python'),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `deltalake==${release}`],
      { encoding: 'utf8' },
    )
    if (pip.status !== 0) {
      return `pip cannot install deltalake ${release}: ${pip.stderr.trim().split('\n').at(-1)}`
    }
    renameSync(unfinished, folder)
    return null
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** Null: Python reads tables here. Else the reason why those tests are skipped. */
export const pythonMissing = install()

/** Title of what Python does, with the reason where it is skipped. */
export const pythonTitle =
  pythonMissing === null ? "Python's deltalake" : `Python's deltalake (skipped: ${pythonMissing})`

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
