import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pythonWith } from '../support/python-package.ts'

const { python, missing } = pythonWith('deltalake', '1.6.6')

/** Null: Python reads tables here. Else the reason why those tests are skipped. */
export const pythonMissing = missing

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
