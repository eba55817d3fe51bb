import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { HomeFolders } from '../../config/settings.ts'
import { isAlive } from './process-identity.ts'

const identitySchema = z.object({ pid: z.number().int().positive(), mark: z.string() })
const temporalSchema = identitySchema.extend({ address: z.string(), ui: z.string(), namespace: z.string() })
const workerSchema = identitySchema.extend({ address: z.string(), log: z.string() })
const portsSchema = z.object({ port: z.number().int(), uiPort: z.number().int() })

const tenureSchema = z.object({ id: z.string() })

export type TemporalState = z.infer<typeof temporalSchema>
export type WorkerState = z.infer<typeof workerSchema>
export type PortsState = z.infer<typeof portsSchema>

/** What runs for a home, as its files in `run/` say. A process that has ended counts as not there, whoever ended it. */
export interface StackState {
  /** From the first start to the next stop; restarts of what died keep it. Null: stopped, or never started. */
  readonly tenure: string | null
  readonly temporal: TemporalState | null
  readonly worker: WorkerState | null
}

export function readStack(home: HomeFolders): StackState {
  return {
    tenure: read(join(home.run, 'tenure.json'), tenureSchema)?.id ?? null,
    temporal: living(read(join(home.run, 'temporal.json'), temporalSchema)),
    worker: living(read(join(home.run, 'worker.json'), workerSchema)),
  }
}

export function writeTenure(home: HomeFolders, id: string | null): void {
  write(join(home.run, 'tenure.json'), id === null ? null : { id })
}

export function writeTemporal(home: HomeFolders, state: TemporalState | null): void {
  write(join(home.run, 'temporal.json'), state)
}

export function writeWorker(home: HomeFolders, state: WorkerState | null): void {
  write(join(home.run, 'worker.json'), state)
}

/** The ports that the home's server had last: bookmarks of its UI go on working. */
export function readPorts(home: HomeFolders): PortsState | null {
  return read(join(home.run, 'ports.json'), portsSchema)
}

export function writePorts(home: HomeFolders, ports: PortsState): void {
  write(join(home.run, 'ports.json'), ports)
}

function living<T extends { pid: number; mark: string }>(state: T | null): T | null {
  return state !== null && isAlive(state) ? state : null
}

function read<T>(file: string, schema: z.ZodType<T>): T | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return null
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`${file} is not a state file of Headrace; delete it`, { cause })
  }
}

function write(file: string, state: object | null): void {
  if (state === null) return rmSync(file, { force: true })
  mkdirSync(join(file, '..'), { recursive: true })
  // One process at a time writes here: what a killed one left is written over.
  const unfinished = `${file}.unfinished`
  writeFileSync(unfinished, `${JSON.stringify(state, null, 2)}\n`)
  renameSync(unfinished, file)
}
