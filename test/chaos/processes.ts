import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'

/** Processes that belong to a home: by their command line (Temporal names its file) or their environment (workers). */
export function processesOf(home: string): string[] {
  const all = process.platform === 'linux' ? fromProc() : fromPs()
  return all
    .filter(
      ({ pid, text }) =>
        pid !== process.pid && (text.includes(`${home}/`) || text.includes(`HEADRACE_HOME=${home}`)),
    )
    .map(({ pid, command }) => `${pid} ${command}`)
}

interface Process {
  readonly pid: number
  readonly command: string
  /** Command line and environment. */
  readonly text: string
}

function fromProc(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8')
        return [{ pid: Number(name), command, text: `${command}\n${environment}` }]
      } catch {
        // It ended in between, or is somebody else's.
        return []
      }
    })
}

function fromPs(): Process[] {
  return execFileSync('ps', ['-Aeww', '-o', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, text] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? []
      return pid === undefined || text === undefined ? [] : [{ pid: Number(pid), command: text, text }]
    })
}
