import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const bench = join(import.meta.dirname, '../../bench')

/** Runs a program of bench/ in its smallest form; answers what it printed. */
async function run(name: string, ...options: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(bench, `${name}.ts`), ...options])
  return stdout
}

async function titles(name: string): Promise<string[]> {
  const lines = (await readFile(join(bench, 'results', `${name}.jsonl`), 'utf8')).trim().split('\n')
  const { findings } = JSON.parse(lines.at(-1) ?? '') as { findings: { title: string; ratio?: number }[] }
  return findings.filter(({ ratio }) => ratio !== undefined).map(({ title }) => title)
}

describe('the programs of bench/ on data', () => {
  it('compare an ingest with a bare loop', async () => {
    await run('ingest', '--size', '1', '--rounds', '1', '--only', 'rate, one ZIP')
    expect(await titles('ingest')).toEqual(['rate, one ZIP of small scans (2 scans)'])
  })

  it('compare silver with bare DuckDB and find every change in the histories', async () => {
    const printed = await run('silver', '--rows', '2000', '--rounds', '1')
    expect(printed).toContain('220 versions are those of a naive replay, no change is lost')
    expect(printed.match(/the same rows on both sides/g)).toHaveLength(2)
    expect(await titles('silver')).toContain('SCD 2: 20 changes into 20 keys with 200 versions')
  })

  it('compare gold with bare DuckDB, over two years and for a day', async () => {
    await run('gold', '--rows', '20000', '--rounds', '1')
    expect(await titles('gold')).toContain('two years, all four')
    expect(await titles('gold')).toContain('the day after, all four')
  })
})
