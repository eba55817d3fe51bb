import { readFileSync } from 'node:fs'

/** Linux counts a process's CPU time in hundredths of a second. */
const msOfOneTick = 10

/** Milliseconds of CPU that a process has used. Says nothing where there is no /proc. */
export function cpuTimeOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * msOfOneTick
  } catch {
    return Number.NaN
  }
}

/** Milliseconds of CPU of this process: both workers and the client. */
export function ownCpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
