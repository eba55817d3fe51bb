import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { readStack } from '../../clients/dev/stack-state.ts'
import { homeFolders } from '../../config/settings.ts'
import { headrace, newHome, type CliResult } from './headrace.ts'

describe('headrace demo', { timeout: 180_000 }, () => {
  const home = newHome()
  let result: CliResult | undefined

  afterAll(async () => {
    await headrace(['down', '--home', home])
  })

  it('goes from samples to gold and tells of it within 120 columns, whatever the environment names', async () => {
    result = await headrace(['demo', '--home', home, '--scans', '30'], {
      HEADRACE_TEMPORAL_ADDRESS: inject('temporalAddress'),
      HEADRACE_INBOX: '/nowhere',
      ...(process.env['XDG_CACHE_HOME'] === undefined
        ? {}
        : { XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] }),
      ...(process.env['TEMPORAL_CLI'] === undefined ? {} : { TEMPORAL_CLI: process.env['TEMPORAL_CLI'] }),
    })
    expect(result.stderr).toContain('gold_analytics/')
    expect(result.code, result.stderr).toBe(0)
    for (const pipeline of ['bronze_ingest', 'silver_transform', 'gold_analytics'])
      expect(result.stdout).toMatch(new RegExp(`^  ${pipeline} +Succeeded +[0-9.]+ m?s `, 'm'))
    for (const table of [
      'qc_reporting',
      'measurement_trends',
      'operator_performance',
      'ml_training_datasets',
    ])
      expect(result.stdout).toMatch(new RegExp(`^gold\\.${table}`, 'm'))
    expect(result.stdout).toMatch(/^ {2}FAILED {2}inbox\/GelSight_.*_cut\.zip$/m)
    expect(result.stdout).toContain(`Lake       ${join(home, 'lake')}`)
    for (const line of result.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(120)
  })

  it('leaves its tables and nothing running', async () => {
    expect(readStack(homeFolders(home))).toEqual({ temporal: null, worker: null, tenure: null })
    expect(existsSync(join(home, 'lake/gold/qc_reporting/_delta_log'))).toBe(true)
    const count = await headrace([
      'query',
      'SELECT count(*) AS n FROM silver.fact_scan_metadata',
      '--json',
      '--home',
      home,
    ])
    expect(count).toEqual({ code: 0, stdout: '[{"n":30}\n]\n', stderr: '' })
  })

  it('can be looked at by table, by query and as CSV', async () => {
    const tables = await headrace(['tables', '--json', '--home', home])
    expect(JSON.parse(tables.stdout)).toContainEqual(
      expect.objectContaining({ table: 'silver.dim_routines', rows: 6, files: 1, version: 0 }),
    )
    const csv = await headrace([
      'query',
      'SELECT routine_name FROM silver.dim_routines ORDER BY 1',
      '--csv',
      '--home',
      home,
    ])
    expect(csv.stdout).toBe(
      'routine_name\nDefect Detection\nHole Diameter\nOffset\nPit Detection\nProfile\nSurface Roughness\n',
    )
    const unknown = await headrace(['query', 'FROM silver.nothing', '--home', home])
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('silver.nothing')
  })
})
