import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { PipelineRunInput, PipelineRunResult } from '../../adf/run/run.ts'
import { preparePlan } from '../../clients/factory/plan-pipeline.ts'
import { readFactory } from '../../clients/factory/read-factory.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { payloadStorage } from '../../lake/payload-storage.ts'
import { guidA, scanFiles } from '../activities/gelsight/scan-files.ts'
import { inputOf } from '../support/pipeline-worker.ts'
import { startWorkerProcess, taskQueueOf } from '../support/worker-process.ts'

/** A scan.yaml that a worker read. `heartbeat`: what the attempt that read it was given. */
interface Opened {
  readonly path: string
  readonly activityType: string
  readonly attempt: number
  readonly heartbeat: { readonly cursor: unknown } | null
}

const scans = 25
const gelsight = join(import.meta.dirname, '../../factories/gelsight')

let home: string
let connection: Connection
const processes: ChildProcess[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'headrace-resume-'))
  connection = await Connection.connect({ address: inject('temporalAddress') })
})
afterEach(async () => {
  for (const one of processes.splice(0)) if (one.exitCode === null) one.kill('SIGKILL')
  await connection.close()
  await rm(home, { recursive: true, force: true })
})

async function startIngesting(): Promise<ChildProcess> {
  const child = await startWorkerProcess('ingesting-worker.ts', home)
  processes.push(child)
  return child
}

async function dropFolders(): Promise<void> {
  for (let part = 0; part < scans; part += 1) {
    const folder = `Part ${String(part).padStart(2, '0')}`
    const guid = guidA.replace(/^.{8}/, String(part).padStart(8, '0'))
    for (const [path, content] of Object.entries(scanFiles(folder, { guid }))) {
      const file = join(home, 'lake/inbox', path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
    }
  }
}

/** In the order in which IngestScans came to them. */
function opened(): Opened[] {
  const path = join(home, 'opened')
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
  return lines
    .map((line) => JSON.parse(line) as Opened)
    .filter(({ activityType }) => activityType === 'IngestScans')
}

test('a worker killed in the middle of a chunk: the next attempt goes on from the heartbeat and opens only what is left', async () => {
  await dropFolders()
  const lake = new LocalLake({ root: join(home, 'lake') })
  const plan = await preparePlan(lake, await readFactory(gelsight), 'bronze_ingest', 'dev')
  const first = await startIngesting()
  const client = new Client({ connection, dataConverter: payloadStorage(lake) })
  const handle = await client.workflow.start<(input: PipelineRunInput) => Promise<PipelineRunResult>>(
    'bronze_ingest',
    {
      taskQueue: taskQueueOf(home),
      workflowId: `bronze_ingest/${home}`,
      args: [inputOf(plan, { parameters: { batch: 'resume' } })],
    },
  )
  await expect.poll(() => opened().length, { timeout: 40_000 }).toBeGreaterThanOrEqual(20)
  first.kill('SIGKILL')
  await startIngesting()
  expect(await handle.result()).toMatchObject({ status: 'Succeeded' })

  const before = opened().filter(({ attempt }) => attempt === 1)
  const after = opened().filter(({ attempt }) => attempt > 1)
  expect(before.every(({ heartbeat }) => heartbeat === null)).toBe(true)
  const cursor = Number(after[0]?.heartbeat?.cursor)
  expect(cursor).toBeGreaterThan(0)
  expect(cursor).toBeLessThanOrEqual(before.length)
  // None of those that were done: at most the one that was under way, and those behind it.
  const paths = (list: readonly Opened[]): string[] => list.map(({ path }) => path)
  expect(new Set([...paths(before), ...paths(after)]).size).toBe(scans)
  const again = paths(after).filter((path) => paths(before).includes(path))
  expect(paths(before).slice(-1)).toEqual(expect.arrayContaining(again))
}, 120_000)
