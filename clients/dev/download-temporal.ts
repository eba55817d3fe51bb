import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Report } from './report.ts'

export interface ObtainRequest {
  readonly version: string
  /** Where the program shall lie; appears there only when it is complete. */
  readonly target: string
  readonly searchPath: readonly string[]
  readonly report: Report
}

/** Machines without plain internet access must get on to the next way soon. */
const answerLimitMs = 4_000
const platforms: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
}
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' }

/** Fetches the release from where Temporal's SDK downloads its dev server. Null: done; else why it did not work. */
export async function downloadTemporal(request: ObtainRequest): Promise<string | null> {
  const [platform, architecture] = [platforms[process.platform], architectures[process.arch]]
  if (platform === undefined || architecture === undefined)
    return `download: there is no release for ${process.platform} on ${process.arch}`
  const address = `https://temporal.download/cli/archive/v${request.version}?platform=${platform}&arch=${architecture}`
  const response = await answer(address)
  if (typeof response === 'string') return `download from temporal.download: ${response}`
  const folder = dirname(request.target)
  mkdirSync(folder, { recursive: true })
  const unfinished = mkdtempSync(join(folder, '.download-'))
  try {
    request.report(`Downloading Temporal ${request.version} …`)
    await extract(response, unfinished, basename(request.target))
    const program = join(unfinished, basename(request.target))
    chmodSync(program, 0o755)
    renameSync(program, request.target)
    request.report(`Temporal ${request.version} is in the cache: ${request.target}`)
    return null
  } catch (error) {
    return `download from temporal.download: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

async function answer(address: string): Promise<Readable | string> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), answerLimitMs)
  try {
    const response = await fetch(address, { signal: abort.signal })
    if (!response.ok || response.body === null) return `answered ${response.status}`
    return Readable.fromWeb(response.body)
  } catch (error) {
    if (abort.signal.aborted) return `no answer within ${answerLimitMs / 1000} s`
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return cause
  } finally {
    clearTimeout(timer)
  }
}

/** One member of a tar.gz; `tar` is part of every system that Temporal has a release for. */
async function extract(archive: Readable, folder: string, member: string): Promise<void> {
  const tar = spawn('tar', ['-xzf', '-', '-C', folder, member], { stdio: ['pipe', 'ignore', 'pipe'] })
  let complaint = ''
  tar.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const ended = new Promise<number | null>((resolve, reject) => {
    tar.once('error', reject)
    tar.once('close', resolve)
  })
  const [code] = await Promise.all([ended, pipeline(archive, tar.stdin)])
  if (code !== 0) throw new Error(`tar ended with ${code}: ${complaint.trim()}`)
}
