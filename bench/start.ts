import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Report, size, timed } from './report.ts'

/**
 * How long until something is to be seen? `npm run bench:start -- [--rounds 5] [--scans 150]`. The limit of `--help` is Node itself doing
 * nothing; `up` is that of a new home, the `temporal` program being there.
 */
const rounds = size('rounds', 5)
const scans = size('scans', 150)
const run = promisify(execFile)
const entry = join(import.meta.dirname, '../clients/cli/headrace.ts')
const home = await mkdtemp(join(tmpdir(), 'headrace-bench-'))
const headrace = (...args: string[]) => run(process.execPath, [entry, ...args], { cwd: home })

const report = new Report('start', { rounds, scans })
await report.compare('headrace --help', {
  rounds,
  limit: () => timed(() => run(process.execPath, ['--eval', '0'])),
  measured: () => timed(() => headrace('--help')),
})
try {
  report.figure(
    'up --detach in a new home',
    await timed(() => headrace('up', '--detach', '--home', home)),
    'ms',
  )
  await headrace('down', '--home', home)
  report.figure('up --detach again', await timed(() => headrace('up', '--detach', '--home', home)), 'ms')
  report.figure(
    `demo of ${scans} scans to the last gold row, where all runs already`,
    await timed(() => headrace('demo', '--scans', String(scans), '--home', home)),
    'ms',
  )
} finally {
  await headrace('down', '--home', home)
  await rm(home, { recursive: true, force: true })
}
report.end()
