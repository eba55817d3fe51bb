import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that is told apart from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number
  /** When the process started, in the system's own notation. */
  readonly mark: string
}

/** Identity of a running process; null when there is none with this id, or it has ended and only awaits its parent. */
export function identify(pid: number): ProcessIdentity | null {
  const mark = process.platform === 'linux' ? linuxMark(pid) : psMark(pid)
  return mark === null ? null : { pid, mark }
}

export function isAlive(one: ProcessIdentity): boolean {
  return identify(one.pid)?.mark === one.mark
}

/** Running processes whose command line holds all of these arguments. */
export function findByArguments(wanted: readonly string[]): ProcessIdentity[] {
  return commandLines().flatMap(({ pid, holds }) => {
    const identity = pid !== process.pid && wanted.every((one) => holds(one)) ? identify(pid) : null
    return identity === null ? [] : [identity]
  })
}

interface CommandLine {
  readonly pid: number
  readonly holds: (argument: string) => boolean
}

function commandLines(): CommandLine[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-Aww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n')
    return lines.map((line) => {
      const words = ` ${line.trim()} `
      return { pid: Number.parseInt(line, 10), holds: (argument) => words.includes(` ${argument} `) }
    })
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const given = new Set(readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0'))
        return [{ pid: Number(name), holds: (argument) => given.has(argument) }]
      } catch {
        // It ended in between.
        return []
      }
    })
}

/** Ends a process: asks first, kills when it does not listen within `patienceMs`. Returns when it is gone. */
export async function endProcess(one: ProcessIdentity, patienceMs = 15_000): Promise<void> {
  if (!isAlive(one)) return
  signal(one.pid, 'SIGTERM')
  if (await goneWithin(one, patienceMs)) return
  signal(one.pid, 'SIGKILL')
  if (!(await goneWithin(one, 5_000)))
    throw new Error(`Process ${one.pid} does not end; look at it with: ps -p ${one.pid}`)
}

async function goneWithin(one: ProcessIdentity, limitMs: number): Promise<boolean> {
  const until = performance.now() + limitMs
  while (performance.now() < until) {
    if (!isAlive(one)) return true
    await sleep(30)
  }
  return !isAlive(one)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return
    throw error
  }
}

function linuxMark(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command may hold spaces and brackets: fields are counted from behind its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, start] = [fields[0], fields[19]]
    if (start === undefined || state === 'X') return null
    // Threads of a killed process hold its ports a moment longer than its main thread lives.
    return state === 'Z' && readdirSync(`/proc/${pid}/task`).length <= 1 ? null : start
  } catch {
    return null
  }
}

function psMark(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    const [state = 'Z', ...start] = line.split(/\s+/)
    return state.startsWith('Z') ? null : start.join(' ')
  } catch {
    return null
  }
}
