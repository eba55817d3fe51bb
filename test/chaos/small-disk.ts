import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A volume of its own that can be filled to the last byte: a tmpfs, whose ENOSPC comes from the kernel like that of any disk. */
export interface SmallDisk {
  /** Takes all that is free, again and again, until `free`: what others delete meanwhile must not let them go on. */
  fill(): void
  free(): void
  unmount(): void
}

const megabytes = 192

/** Mounting needs root on Linux; elsewhere a run goes without the full disk, and its report says so. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-mount-'))
  try {
    if (mount(folder) !== 0) return false
    execFileSync('umount', [folder])
    return true
  } finally {
    rmdirSync(folder)
  }
}

export function mountSmallDisk(folder: string): SmallDisk {
  if (mount(folder) !== 0) throw new Error(`cannot mount a tmpfs at ${folder}`)
  const ballast = join(folder, 'ballast')
  let timer: NodeJS.Timeout | undefined
  const free = (): void => {
    clearInterval(timer)
    rmSync(ballast, { force: true })
  }
  return {
    fill() {
      growUntilFull(ballast)
      timer = setInterval(() => growUntilFull(ballast), 10)
    },
    free,
    unmount() {
      free()
      execFileSync('umount', ['--lazy', folder])
    },
  }
}

function mount(folder: string): number | null {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'headrace-chaos', folder]).status
}

function growUntilFull(file: string): void {
  const handle = openSync(file, 'a')
  try {
    for (let size = 1 << 20; size > 0; size >>= 1) writeWhilePossible(handle, Buffer.alloc(size))
  } finally {
    closeSync(handle)
  }
}

function writeWhilePossible(handle: number, bytes: Buffer): void {
  try {
    for (;;) writeSync(handle, bytes)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}
