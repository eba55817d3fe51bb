import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

const installLimitMs = 100_000

export interface PythonPackage {
  /** The interpreter that finds the package. */
  readonly python: string
  /** Why it is not there; null: it is. */
  readonly missing: string | null
}

/**
 * Makes a virtual environment with one release of a package in the user's cache, once: test files that start at the same time wait for the
 * first.
 */
export function pythonWith(name: string, release: string): PythonPackage {
  const folder = join(homedir(), '.cache', 'headrace', 'python', `${name}-${release}`)
  return { python: join(folder, 'bin', 'python'), missing: install(folder, name, release) }
}

function install(folder: string, name: string, release: string): string | null {
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
      return existsSync(folder) ? null : create(folder, name, release)
    } finally {
      rmSync(lock, { recursive: true })
    }
  }
  return null
}

function create(folder: string, name: string, release: string): string | null {
  const unfinished = `${folder}.${process.pid}`
  try {
    const made = spawnSync('python3', ['-m', 'venv', unfinished], { encoding: 'utf8' })
    if (made.status !== 0) return `python3 -m venv does not work here: ${made.error?.message ?? made.stderr}`
    const pip = spawnSync(
      join(unfinished, 'bin', 'python'),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `${name}==${release}`],
      { encoding: 'utf8' },
    )
    if (pip.status !== 0)
      return `pip cannot install ${name} ${release}: ${pip.stderr.trim().split('\n').at(-1)}`
    renameSync(unfinished, folder)
    return null
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}
