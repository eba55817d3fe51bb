import { execFileSync } from 'node:child_process'
import { pythonWith } from '../../support/python-package.ts'

const { python, missing } = pythonWith('pyarrow', '26.0.1')

/** Why Python cannot write ORC files here; null: it can. */
export const pythonMissing = missing

/** Title of what Python writes, with the reason where it is skipped. */
export const pythonTitle =
  missing === null ? "files of Python's pyarrow" : `files of Python's pyarrow (skipped: ${missing})`

/** Runs a program that finds `pa` (pyarrow), `orc` (pyarrow.orc) and the path to write in FILE. */
export function writeWithPython(file: string, program: string): void {
  const start = `import pyarrow as pa\nfrom pyarrow import orc\nFILE = ${JSON.stringify(file)}\n`
  execFileSync(python, ['-c', start + program], { encoding: 'utf8', stdio: 'pipe' })
}
