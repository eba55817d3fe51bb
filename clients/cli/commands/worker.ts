import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { childEnvironment } from '../../../config/settings.ts'
import { workerEntry, workerEnvironment } from '../../dev/worker-process.ts'
import { defineCommand } from '../command.ts'
import { findPlace } from '../connect.ts'
import { exitCodes } from '../exit-codes.ts'
import { connectionOptions } from '../options.ts'

export const worker = defineCommand({
  description:
    'Polls the task queue until Ctrl-C or SIGTERM, then finishes or hands back what it works on. As many workers as ' +
    'wanted may share one home; `headrace up` starts one by itself.',
  positionals: [],
  options: {
    ...connectionOptions,
    'task-queue': {
      type: 'string',
      value: 'name',
      help: 'Task queue to poll (default headrace)',
      variable: 'HEADRACE_TASK_QUEUE',
    },
  },
  examples: [
    { command: 'headrace worker', does: "one more worker for the home's server" },
    { command: 'headrace worker --address temporal.plant:7233', does: 'a worker for a server elsewhere' },
  ],
  async run({ settings, terminal, signal }) {
    const place = findPlace(settings)
    mkdirSync(settings.home.root, { recursive: true })
    const child = spawn(process.execPath, [workerEntry], {
      cwd: settings.home.root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: childEnvironment(workerEnvironment({ settings, address: place.address, ui: place.ui })),
    })
    // A terminal sends Ctrl-C to both; a SIGTERM to this process alone has to be passed on.
    signal.addEventListener('abort', () => child.kill('SIGTERM'))
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', resolve)
    })
    if (code !== 0 && !signal.aborted) terminal.note(`The worker ended with ${code ?? 'a signal'}.`)
    return code === 0 || signal.aborted ? exitCodes.ok : exitCodes.failed
  },
})
