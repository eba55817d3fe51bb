import type { Command } from './command.ts'

export interface RegisteredCommand {
  readonly summary: string
  /** Loads the command with all that it needs; `--help` of headrace itself must not. */
  load(): Promise<Command>
}

/** Every command, in the order of the help. */
export const registry: Readonly<Record<string, RegisteredCommand>> = {
  demo: {
    summary: 'Sample scans through bronze, silver and gold, with an account of it',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  up: {
    summary: 'Start Temporal, its UI and a worker',
    load: async () => (await import('./commands/up.ts')).up,
  },
  down: {
    summary: 'Stop what `up` started',
    load: async () => (await import('./commands/down.ts')).down,
  },
  run: {
    summary: 'Run a pipeline and follow it',
    load: async () => (await import('./commands/run.ts')).run,
  },
  runs: {
    summary: 'List runs',
    load: async () => (await import('./commands/runs.ts')).runs,
  },
  status: {
    summary: 'Show the activities of a run',
    load: async () => (await import('./commands/status.ts')).status,
  },
  cancel: {
    summary: 'Cancel a run',
    load: async () => (await import('./commands/cancel.ts')).cancel,
  },
  pause: {
    summary: 'Let a run wait before its next activity',
    load: async () => (await import('./commands/pause.ts')).pause,
  },
  resume: {
    summary: 'Let a paused run go on',
    load: async () => (await import('./commands/resume.ts')).resume,
  },
  schedule: {
    summary: 'Let pipelines run by the clock: apply, list, pause, resume',
    load: async () => (await import('./commands/schedule.ts')).schedule,
  },
  backfill: {
    summary: 'Run a pipeline once for every window of a time range',
    load: async () => (await import('./commands/backfill.ts')).backfill,
  },
  query: {
    summary: 'Run SQL over the bronze, silver and gold tables',
    load: async () => (await import('./commands/query.ts')).query,
  },
  tables: {
    summary: 'List the tables with rows, files and version',
    load: async () => (await import('./commands/tables.ts')).tables,
  },
  vacuum: {
    summary: 'Delete files of tables that only old versions need',
    load: async () => (await import('./commands/vacuum.ts')).vacuum,
  },
  sample: {
    summary: 'Make sample scans in the inbox',
    load: async () => (await import('./commands/sample.ts')).sample,
  },
  validate: {
    summary: 'Check the definitions of a factory',
    load: async () => (await import('./commands/validate.ts')).validate,
  },
  test: {
    summary: 'Run the tests of a factory, without a server',
    load: async () => (await import('./commands/test.ts')).test,
  },
  doctor: {
    summary: 'Check Temporal, worker, lake, warehouse, disk and clock',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  explain: {
    summary: 'Evaluate an expression and show every intermediate value',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  check: {
    summary: 'Say of every pipeline of an existing ADF whether it runs here',
    load: async () => (await import('./commands/check.ts')).check,
  },
  export: {
    summary: "Write a factory as Azure Data Factory's own JSON",
    load: async () => (await import('./commands/export.ts')).exportFactory,
  },
  worker: {
    summary: 'Run a worker in the foreground',
    load: async () => (await import('./commands/worker.ts')).worker,
  },
}
