import { mkdir, readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/**
 * Folder for this process's DuckDB to spill to: its own, since DuckDB removes what it finds there. Folders of processes of this
 * machine that have ended are removed: a killed one leaves gigabytes.
 */
export async function ownSpillFolder(parent: string): Promise<string> {
  const own = `${hostname()}-${process.pid}`
  await mkdir(join(parent, own), { recursive: true })
  for (const name of await readdir(parent)) {
    if (name !== own && isOfDeadProcess(name)) await rm(join(parent, name), { recursive: true, force: true })
  }
  return join(parent, own)
}

function isOfDeadProcess(name: string): boolean {
  const [, host, pid] = /^(.+)-(\d+)$/.exec(name) ?? []
  if (host !== hostname() || pid === undefined) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    // EPERM: it lives, as somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
