import type { ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Client, Connection } from '@temporalio/client'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { PipelineRunInput, PipelineRunResult } from '../../adf/run/run.ts'
import { preparePlan } from '../../clients/factory/plan-pipeline.ts'
import { readFactory } from '../../clients/factory/read-factory.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { payloadStorage } from '../../lake/payload-storage.ts'
import { inputOf } from '../support/pipeline-worker.ts'
import { startWorkerProcess, taskQueueOf } from '../support/worker-process.ts'

let home: string
let plant: string
let connection: Connection
const processes: ChildProcess[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'headrace-copy-killed-'))
  plant = join(home, 'stores/plant')
  await mkdir(join(plant, 'in'), { recursive: true })
  connection = await Connection.connect({ address: inject('temporalAddress') })
})
afterEach(async () => {
  for (const one of processes.splice(0)) if (one.exitCode === null) one.kill('SIGKILL')
  await connection.close()
  await rm(home, { recursive: true, force: true })
})

const dataset = (type: string, more: string) => `properties:
  type: ${type}
  linkedServiceName: { referenceName: plant, type: LinkedServiceReference }
  parameters: { folder: { type: String }, file: { type: String } }
  typeProperties:
    location: { type: FileServerLocation, folderPath: "@dataset().folder", fileName: "@dataset().file" }
${more}`

const copyPipeline = (source: string, sink: string, from: string, to: string) => `properties:
  parameters: { to: { type: String, defaultValue: out } }
  activities:
    - name: Copy
      type: Copy
      inputs: [{ referenceName: ${source}, type: DatasetReference, parameters: { folder: in, file: ${from} } }]
      outputs: [{ referenceName: ${sink}, type: DatasetReference, parameters: { folder: "@pipeline().parameters.to", file: ${to} } }]
      typeProperties: { source: { type: ${source}Source }, sink: { type: ${sink}Sink } }
`

async function writeFactory(): Promise<string> {
  const files = {
    'linkedService/plant.yaml': 'properties: { type: FileServer, typeProperties: { host: plant } }\n',
    'dataset/Binary.yaml': dataset('Binary', ''),
    'dataset/Parquet.yaml': dataset('Parquet', ''),
    'dataset/DelimitedText.yaml': dataset('DelimitedText', '    firstRowAsHeader: true\n'),
    'pipeline/bytes.yaml': copyPipeline('Binary', 'Binary', 'big.bin', 'big.bin'),
    'pipeline/rows.yaml': copyPipeline('DelimitedText', 'Parquet', 'big.csv', 'big.parquet'),
  }
  const factory = join(home, 'factory')
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(factory, path, '..'), { recursive: true })
    await writeFile(join(factory, path), content)
  }
  return factory
}

async function start(pipelineName: string, to: string) {
  const lake = new LocalLake({ root: join(home, 'lake') })
  const plan = await preparePlan(lake, await readFactory(await writeFactory()), pipelineName, 'dev')
  const client = new Client({ connection, dataConverter: payloadStorage(lake) })
  return client.workflow.start<(input: PipelineRunInput) => Promise<PipelineRunResult>>(pipelineName, {
    taskQueue: taskQueueOf(home),
    workflowId: `${pipelineName}/${home}/${to}`,
    args: [inputOf(plan, { parameters: { to } })],
  })
}

async function worker(): Promise<ChildProcess> {
  const child = await startWorkerProcess('ingesting-worker.ts', home)
  processes.push(child)
  return child
}

async function unfinished(): Promise<string[]> {
  return readdir(join(plant, '.headrace-unfinished')).catch(() => [])
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

const megabyte = 2 ** 20

async function writeBytes(file: string, megabytes: number): Promise<void> {
  const block = randomBytes(megabyte)
  const blocks = Readable.from(
    (function* () {
      for (let index = 0; index < megabytes; index += 1) {
        block.writeUInt32LE(index)
        yield Buffer.from(block)
      }
    })(),
  )
  await pipeline(blocks, createWriteStream(file))
}

async function writeRows(file: string, rows: number): Promise<void> {
  const lines = Readable.from(
    (function* () {
      yield 'id,name,amount\n'
      for (let from = 0; from < rows; from += 10_000)
        yield Array.from(
          { length: 10_000 },
          (_, index) =>
            `${from + index},name ${(from + index) % 977},${((from + index) * 1.25).toFixed(2)}\n`,
        ).join('')
    })(),
  )
  await pipeline(lines, createWriteStream(file))
}

test.each([
  {
    title: 'a large binary file',
    name: 'bytes',
    source: 'in/big.bin',
    target: 'big.bin',
    make: (file: string) => writeBytes(file, 300),
  },
  {
    title: 'rows',
    name: 'rows',
    source: 'in/big.csv',
    target: 'big.parquet',
    make: (file: string) => writeRows(file, 1_000_000),
  },
])(
  'a worker killed while it copies $title: nothing is visible under the final name, and the next attempt writes the same bytes',
  async ({ name, source, target, make }) => {
    await make(join(plant, source))
    const first = await worker()
    const killed = await start(name, 'out')
    await expect.poll(unfinished, { timeout: 40_000, interval: 5 }).not.toEqual([])
    first.kill('SIGKILL')
    expect(existsSync(join(plant, 'out', target))).toBe(false)
    await worker()
    expect(await killed.result()).toMatchObject({ status: 'Succeeded' })
    const whole = await start(name, 'whole')
    expect(await whole.result()).toMatchObject({ status: 'Succeeded' })
    expect(await sha256(join(plant, 'out', target))).toBe(await sha256(join(plant, 'whole', target)))
    expect(await readdir(join(plant, 'out'))).toEqual([target])
    if (name === 'bytes')
      expect(await sha256(join(plant, 'out', target))).toBe(await sha256(join(plant, source)))
  },
  120_000,
)
