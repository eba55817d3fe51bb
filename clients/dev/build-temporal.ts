import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { childEnvironment } from '../../config/settings.ts'
import type { ObtainRequest } from './download-temporal.ts'

const module = 'github.com/temporalio/cli/cmd/temporal'
/** Packages that `go install -v` names in a first build (1,297 counted, version 1.5.1): only for the progress shown. */
const packages = 1_300
const reportEveryMs = 5_000

/** Builds the program with the Go toolchain from the module proxy. Null: done; else why it did not work. */
export async function buildWithGo(request: ObtainRequest): Promise<string | null> {
  const go = request.searchPath.map((folder) => join(folder, 'go')).find((file) => existsSync(file))
  if (go === undefined) return 'go install: there is no `go` on PATH'
  const folder = dirname(request.target)
  mkdirSync(folder, { recursive: true })
  const unfinished = mkdtempSync(join(folder, '.build-'))
  try {
    request.report(
      `Building Temporal ${request.version} with Go: once, up to three minutes the first time, then kept in ${folder}`,
    )
    const failure = await goInstall(go, unfinished, request)
    if (failure !== null) return failure
    renameSync(join(unfinished, basename(request.target)), request.target)
    request.report(`Temporal ${request.version} is built`)
    return null
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

async function goInstall(go: string, folder: string, request: ObtainRequest): Promise<string | null> {
  // A package a line with -v: what the progress counts.
  const build = spawn(go, ['install', '-v', '-ldflags', '-s -w', `${module}@v${request.version}`], {
    cwd: folder,
    env: childEnvironment({ GOBIN: folder, GOFLAGS: null, GOOS: null, GOARCH: null }),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const start = performance.now()
  const tail: string[] = []
  let compiled = 0
  let downloaded = 0
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - start) / 1000)
    const state =
      compiled === 0
        ? `${downloaded} modules downloaded`
        : `${compiled} of about ${packages} packages compiled`
    request.report(`Building Temporal: ${state}, ${seconds} s`)
  }, reportEveryMs)
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      build.once('error', reject)
      build.once('close', resolve)
    })
    for await (const line of createInterface({ input: build.stderr })) {
      if (line.startsWith('go: downloading')) downloaded += 1
      else if (/^[\w./-]+$/.test(line)) compiled += 1
      else tail.push(line)
    }
    const code = await ended
    return code === 0 ? null : `go install ended with ${code}: ${tail.slice(-5).join(' / ')}`
  } catch (error) {
    return `go install: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    clearInterval(timer)
  }
}
