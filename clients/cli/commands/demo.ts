import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { loadSettings, type Settings } from '../../../config/settings.ts'
import { startStack, stopStack } from '../../dev/stack.ts'
import { batchNow } from '../../start/batch-name.ts'
import { givenParameters } from '../../start/given-parameters.ts'
import { defineCommand } from '../command.ts'
import { withClient, type Place } from '../connect.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { endedLine, followRuns, type EndedRun } from '../follow.ts'
import { prepareRun } from '../prepare-run.ts'
import { bytesText, durationText } from '../quantity.ts'
import { withTableSource } from '../table-source.ts'
import type { Terminal } from '../terminal.ts'
import { inboxOf } from './up.ts'

const ownHome = '.headrace-demo'
const samples = { seed: 7, scans: 150, width: 64, scansPerDrop: 30, days: 6, bad: 0.03, folderEvery: 3 }

export const demo = defineCommand({
  description:
    'Obtains and starts Temporal and a worker, makes sample scans with a few bad ones among them, runs bronze_ingest, ' +
    'silver_transform and gold_analytics, and shows what came out. Stops all again; its files stay. Settings that name another ' +
    'home, inbox or server are left alone.',
  positionals: [],
  options: {
    scans: { type: 'string', value: 'count', help: `Sample scans to make (default ${samples.scans})` },
    keep: { type: 'boolean', help: 'Leave Temporal, its UI and the worker running' },
    home: { type: 'string', value: 'folder', help: `Folder of the demo (default ${ownHome}, emptied first)` },
  },
  examples: [
    { command: 'headrace demo', does: 'look at the result, in a minute' },
    { command: 'headrace demo --keep', does: 'look around in the Temporal UI afterwards' },
  ],
  async run({ values, terminal, signal }) {
    const scans = Number(values.scans ?? samples.scans)
    if (!Number.isInteger(scans) || scans < 1)
      throw new UsageError(`--scans is ${JSON.stringify(values.scans)}; allowed: a whole number from 1`)
    const settings = demoSettings(values.home)
    const began = performance.now()
    const step = (text: string) => terminal.note(`${seconds(began)}  ${text}`)
    if (values.home === undefined) {
      await stopStack(settings.home, step)
      await rm(settings.home.root, { recursive: true, force: true })
    }
    try {
      const played = await play({ settings, scans, terminal, signal, step })
      if (played === null) {
        step('Interrupted.')
        return exitCodes.interrupted
      }
      const { runs, place } = played
      await tell(settings, runs, place, terminal)
      const went = runs.every((run) => run.status === 'Succeeded')
      const again = values.home ?? ownHome
      terminal.print('')
      terminal.print(`Look further:  headrace query "FROM gold.qc_reporting" --home ${again}`)
      terminal.print(
        values.keep
          ? `All of it goes on running; stop it:  headrace down --home ${again}`
          : `Start it again, with its UI:  headrace up --home ${again}`,
      )
      terminal.print(
        `${went ? 'Done' : 'A run did not succeed'} after ${durationText(performance.now() - began)}.`,
      )
      return went ? exitCodes.ok : exitCodes.failed
    } finally {
      if (!values.keep) await stopStack(settings.home, () => {})
    }
  },
})

/** The home of the demo and nothing of a plant: its address, inbox and factory are not taken from the environment. */
function demoSettings(home: string | undefined): Settings {
  return loadSettings({
    flags: { HEADRACE_HOME: resolve(home ?? ownHome) },
    ignore: [
      'HEADRACE_HOME',
      'HEADRACE_FACTORY',
      'HEADRACE_ENVIRONMENT',
      'HEADRACE_INBOX',
      'HEADRACE_LAKE',
      'HEADRACE_TEMPORAL_ADDRESS',
      'HEADRACE_TEMPORAL_NAMESPACE',
      'HEADRACE_TASK_QUEUE',
      'HEADRACE_TEMPORAL_UI',
      'HEADRACE_SCAN_TIME_ZONE',
      'HEADRACE_WEBHOOK',
    ],
  })
}

interface Stage {
  readonly settings: Settings
  readonly scans: number
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly step: (text: string) => void
}

interface Played {
  readonly runs: readonly EndedRun[]
  readonly place: Place
}

/** Null: interrupted. */
async function play({ settings, scans, terminal, signal, step }: Stage): Promise<Played | null> {
  const { makeSamples } = await import('../../../formats/gelsight/make/samples.ts')
  const { manualTrigger, startRun } = await import('../../start/start-run.ts')
  const [made, prepared] = await Promise.all([
    makeSamples({ ...samples, scans, folder: inboxOf(settings) }),
    prepareRun(settings, 'bronze_ingest'),
    startStack(settings, step),
  ])
  step(
    `${made.scans.length} sample scans in ${made.drops.length} drops (${bytesText(made.bytes)}), ${made.bad.length} flaws among them`,
  )
  if (signal.aborted) return null
  return withClient(settings, async (client, place) => {
    const plan = await prepared.store()
    const batch = batchNow()
    const started = await startRun(client, {
      plan,
      batch,
      parameters: givenParameters(planned(plan.pipelines['bronze_ingest']), [], batch),
      trigger: manualTrigger,
      taskQueue: settings.taskQueue,
      chain: true,
    })
    const runs = await followRuns(started, {
      client,
      place,
      // Each run's end is told; its single activities only where somebody watches.
      terminal: terminal.isLive ? terminal : { ...terminal, note: () => {} },
      signal,
      chain: plan.chain,
      onEnd: (run) => step(endedLine({ ...run, link: null })),
    })
    return runs === null ? null : { runs, place }
  })
}

function planned<T>(pipeline: T | undefined): T {
  if (pipeline === undefined) throw new Error('The factory of the demo has no pipeline bronze_ingest')
  return pipeline
}

async function tell(
  settings: Settings,
  runs: readonly EndedRun[],
  place: Place,
  terminal: Terminal,
): Promise<void> {
  const account = await import('../demo-account.ts')
  const lines = await withTableSource(settings, async (source) => [
    '',
    ...account.runsAccount(runs, place),
    '',
    ...(await account.tablesAccount(source)),
    '',
    ...(await account.goldAccount(source)),
    ...(await account.quarantineAccount(source)),
    ...account.placesAccount(settings, place.ui),
  ])
  for (const line of lines) terminal.print(line)
}

function seconds(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`
}
