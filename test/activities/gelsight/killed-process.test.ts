import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeSamples } from '../../../formats/gelsight/make/samples.ts'
import { openBronze, type Bronze } from './bronze-run.ts'

const program = join(import.meta.dirname, 'ingest-process.ts')

/** Runs the ingestion in a process of its own and kills it at its n-th report. True: it ended before. */
async function runUntil(home: string, reports: number): Promise<boolean> {
  const child = spawn(process.execPath, [program, home], { stdio: ['ignore', 'pipe', 'inherit'] })
  let seen = 0
  child.stdout.on('data', (data: Buffer) => {
    seen += data.toString().split('\n').length - 1
    if (seen >= reports) child.kill('SIGKILL')
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (code !== null && code !== 0) throw new Error(`the process ended with ${code}`)
  return code === 0
}

async function contentOf(bronze: Bronze): Promise<Record<string, unknown>> {
  const tables = [
    'scans',
    'shapes',
    'measurements',
    'images',
    'heightmaps',
    'calibrations',
    'scan_calibrations',
  ]
  const content: Record<string, unknown> = {}
  for (const table of [...tables, 'validation_findings']) content[table] = await bronze.rows(table)
  content['ingestion_log'] = (await bronze.rows('ingestion_log')).map((row) => [
    row['log_id'],
    row['outcome'],
    row['revision'],
  ])
  for (const folder of ['bronze/scans', 'bronze/calibrations', 'bronze/quarantine', 'archive', 'inbox'])
    content[folder] = await bronze.objects(folder)
  return content
}

it('killed again and again, ends with what an undisturbed run gives', async () => {
  const homes = await Promise.all(['a', 'b'].map((name) => mkdtemp(join(tmpdir(), `headrace-kill-${name}-`))))
  const [killed = '', undisturbed = ''] = homes
  const samples = { scans: 6, width: 64, bad: 0.25, scansPerDrop: 3 }
  for (const home of homes) await makeSamples({ folder: join(home, 'lake/inbox'), ...samples })
  expect(await runUntil(undisturbed, Infinity)).toBe(true)
  // Each run gets a little further: reports of what is done already come again.
  for (const reports of [2, 7, 12, 16]) await runUntil(killed, reports)
  expect(await runUntil(killed, Infinity)).toBe(true)
  {
    await using one = await openBronze({ home: killed })
    await using other = await openBronze({ home: undisturbed })
    expect(await contentOf(one)).toEqual(await contentOf(other))
  }
  for (const home of homes) await rm(home, { recursive: true })
}, 120_000)
