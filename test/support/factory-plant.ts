import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { inject } from 'vitest'
import { createActivities } from '../../activities/index.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { Plan } from '../../adf/plan/plan.ts'
import type {
  ActivityRunRecord,
  PipelineRunInput,
  PipelineRunRecord,
  PipelineRunResult,
} from '../../adf/run/run.ts'
import { preparePlan } from '../../clients/factory/plan-pipeline.ts'
import { readFactory } from '../../clients/factory/read-factory.ts'
import { loadSettings, type Settings } from '../../config/settings.ts'
import type { RowValue } from '../../formats/rows/row-stream.ts'
import { LocalLake } from '../../lake/local/local-lake.ts'
import { payloadStorage } from '../../lake/payload-storage.ts'
import { startCallbackServer } from '../../workers/callback-server.ts'
import { openDependencies } from '../../workers/dependencies.ts'
import { type RunningWorker, startWorker } from '../../workers/start-worker.ts'
import { endOf, inputOf, type RunHandle, type StartOptions } from './pipeline-worker.ts'

/** How a run ended, with the rows it recorded. */
export interface PlantRun {
  readonly status: string
  /** Of a failed run. */
  readonly message: string | null
  readonly returnValue: JsonObject
  /** Of this run and of those it called, in order of their end. */
  readonly activities: readonly ActivityRunRecord[]
  readonly pipelines: readonly PipelineRunRecord[]
  /** `name: status` of this run's own activities that are in no loop. */
  readonly statuses: Readonly<Record<string, string>>
  /** Output of an activity of any of the runs; the last one where there are several. */
  readonly output: (activity: string) => JsonObject
}

/** An installation in one process: a home, a worker with the real activities, stores, secrets and run records. */
export interface FactoryPlant {
  readonly settings: Settings
  /** Absolute path of what stands in for a store. */
  readonly store: (path: string) => string
  /** Writes a file of a store: `{linked service or host}/{container}/…`. */
  readonly put: (path: string, content: string | Uint8Array) => Promise<void>
  readonly read: (path: string) => Promise<string>
  /** Every file below a folder of the stores, in order. */
  readonly files: (folder: string) => Promise<string[]>
  /** Rows of any SQL of DuckDB; `$stores` stands for the folder of the stores. */
  readonly rows: (sql: string) => Promise<JsonValue[][]>
  /** Runs T-SQL in the SQLite file that stands in for a database; rows of its last result set. */
  readonly sql: (
    linkedService: string,
    database: string,
    text: string,
  ) => Promise<readonly (readonly RowValue[])[]>
  readonly secret: (vault: string, name: string, value: string) => Promise<void>
  /** Runs a pipeline of a factory (folder or ARM template) to its end. */
  readonly run: (factory: string, pipeline: string, options?: StartOptions) => Promise<PlantRun>
  /** Puts a plan's files in place and starts it. */
  readonly start: (factory: string, pipeline: string, options?: StartOptions) => Promise<RunHandle>
  readonly runOf: (handle: RunHandle) => Promise<PlantRun>
  readonly stop: () => Promise<void>
}

export async function startFactoryPlant(name: string): Promise<FactoryPlant> {
  const home = await mkdtemp(join(tmpdir(), `headrace-${name}-`))
  const settings = loadSettings({
    environment: { ...process.env, HEADRACE_HOME: home, HEADRACE_DUCKDB_MEMORY: '512MB' },
    folder: home,
  })
  const address = inject('temporalAddress')
  const taskQueue = home.slice(home.lastIndexOf('/') + 1)
  const lake = new LocalLake({ root: settings.home.lake })
  const callbacks = await startCallbackServer({
    host: '127.0.0.1',
    ports: [0],
    deliver: (...callback) => worker.deliverCallback(...callback),
  })
  const { dependencies, close } = await openDependencies(settings, lake, `http://127.0.0.1:${callbacks.port}`)
  const activities = createActivities(dependencies)
  const rows: ActivityRunRecord[] = []
  const runs: PipelineRunRecord[] = []
  const worker: RunningWorker = await startWorker({
    address,
    namespace: inject('temporalNamespace'),
    taskQueue,
    lake,
    cache: settings.cache,
    activities: {
      ...activities,
      RecordPipelineRun: async (record: PipelineRunRecord) => {
        await activities.RecordPipelineRun(record)
        runs.push(record)
      },
      RecordActivityRuns: async (records: readonly ActivityRunRecord[]) => {
        await activities.RecordActivityRuns(records)
        rows.push(...records)
      },
    },
  })
  const connection = await Connection.connect({ address })
  const client = new Client({ connection, dataConverter: payloadStorage(lake) })
  const place = (path: string): string => join(settings.home.stores, path)

  const start = async (factory: string, pipeline: string, options: StartOptions = {}): Promise<RunHandle> => {
    const plan: Plan = await preparePlan(lake, await readFactory(factory), pipeline, 'dev')
    return client.workflow.start<(input: PipelineRunInput) => Promise<PipelineRunResult>>(plan.pipeline, {
      taskQueue,
      workflowId: `${plan.pipeline}/${crypto.randomUUID()}`,
      args: [inputOf(plan, options)],
    })
  }
  const runOf = async (handle: RunHandle): Promise<PlantRun> => {
    const end = await endOf(handle)
    const own = runs.find((run) => run.workflowId === handle.workflowId)
    const group = new Set(runs.filter((run) => run.groupId === own?.groupId).map((run) => run.runId))
    const ended = rows.filter((row) => group.has(row.runId) && row.end !== null)
    return {
      status: end.status,
      message: 'message' in end ? end.message : null,
      returnValue: 'returnValue' in end ? end.returnValue : {},
      activities: ended,
      pipelines: runs.filter((run) => group.has(run.runId) && run.end !== null),
      statuses: Object.fromEntries(
        ended
          .filter((row) => row.runId === own?.runId && row.iterationPath === '')
          .map((row) => [row.activity, row.status] as const),
      ),
      output: (activity) => {
        const found = ended.findLast((row) => row.activity === activity)?.output
        if (typeof found !== 'object' || found === null || Array.isArray(found))
          throw new Error(`${activity} has the output ${JSON.stringify(found ?? null)}`)
        return found
      },
    }
  }
  return {
    settings,
    store: place,
    put: async (path, content) => {
      await mkdir(dirname(place(path)), { recursive: true })
      await writeFile(place(path), content)
    },
    read: (path) => readFile(place(path), 'utf8'),
    files: async (folder) => {
      const top = place(folder)
      const found = await readdir(top, { recursive: true, withFileTypes: true }).catch(() => [])
      return found
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1))
        .toSorted()
    },
    rows: (sql) =>
      dependencies.duckdb.session(async (duckdb) => {
        const result = await duckdb.runAndReadAll(sql.replaceAll('$stores', settings.home.stores))
        return result.getRowsJson() as JsonValue[][]
      }),
    sql: async (linkedService, database, text) => {
      const typeProperties = { connectionString: `Initial Catalog=${database}` }
      const store = await dependencies.stores.open({ name: linkedService, type: 'SqlServer', typeProperties })
      if (store.kind !== 'database') throw new Error(`${linkedService} is no database`)
      const { signal } = new AbortController()
      const call = { parameters: [], procedures: {}, once: crypto.randomUUID(), signal }
      return (await store.script(text, call)).resultSets.at(-1)?.rows ?? []
    },
    secret: async (vault, secret, value) => {
      await mkdir(join(settings.home.secrets, vault), { recursive: true })
      await writeFile(join(settings.home.secrets, vault, secret), value)
    },
    start,
    runOf,
    run: async (factory, pipeline, options) => runOf(await start(factory, pipeline, options)),
    stop: async () => {
      await callbacks.close()
      await worker.stop()
      await connection.close()
      await close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
