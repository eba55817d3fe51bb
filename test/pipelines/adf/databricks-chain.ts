import { expect, it } from 'vitest'
import type { JsonObject } from '../../../adf/json.ts'
import { databricksServer } from '../../support/databricks-server.ts'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { httpServer } from '../../support/http-server.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

/** A churn model on Databricks: two notebooks, a Python file, a JAR; a page to the team when one of them fails. */
export function databricksChain(plant: () => FactoryPlant): void {
  importsAlike('databricks-chain', {
    grades: { PL_Churn: 'Ready' },
    findings: ['note key-vault typeProperties.accessToken', 'note unused-property typeProperties.baseUrl'],
  })

  const run = async (workspaceUrl: string, alertUrl = 'http://127.0.0.1:1') => {
    const { secret, run: start } = plant()
    await secret('LS_ChurnVault', 'databricks-token', 'token')
    return start(gitLayout('databricks-chain'), 'PL_Churn', {
      parameters: { day: '2026-03-02', workspaceUrl, alertUrl },
    })
  }

  it('hands the output of each step to the next', async () => {
    const workspace = await databricksServer({ looks: 1, result: '{"rows": 41, "path": "/mnt/f"}' })
    const ended = await run(workspace.url)
    expect(ended).toMatchObject({
      status: 'Succeeded',
      returnValue: { rows: 41, page: 'https://workspace/#job/102' },
      statuses: { 'Page the team': 'Skipped', 'Say it failed': 'Skipped' },
    })
    const tasks = [...workspace.runs.values()].map((one) => taskOf(one.task))
    expect(tasks).toMatchObject([
      {
        notebook_task: { notebook_path: '/Repos/churn/01_features', base_parameters: { day: '2026-03-02' } },
        new_cluster: { spark_version: '15.4.x-scala2.12', node_type_id: 'Standard_DS3_v2', num_workers: 2 },
        libraries: [{ pypi: { package: 'lifelines==0.29.0' } }],
      },
      { notebook_task: { base_parameters: { rows: '41', path: '/mnt/f' } } },
      {
        spark_python_task: { python_file: 'dbfs:/churn/score.py', parameters: ['--day', '2026-03-02'] },
        existing_cluster_id: '0302-071500-plum42',
      },
      {
        spark_jar_task: {
          main_class_name: 'com.tallowtel.churn.Compact',
          parameters: ['/mnt/scores/2026-03-02'],
        },
        libraries: [{ jar: 'dbfs:/churn/compact.jar' }],
      },
    ])
  })

  it('pages the team and fails when a step fails', async () => {
    const workspace = await databricksServer({ looks: 0, state: 'FAILED' })
    const team = await httpServer(() => ({ body: { paged: true } }))
    const ended = await run(workspace.url, team.url)
    expect(ended).toMatchObject({
      status: 'Failed',
      message: expect.stringMatching(
        /^Operation on target Prepare features failed: Databricks execution failed with error state: FAILED, .*\nOperation on target Say it failed failed: Churn chain did not end$/,
      ),
      statuses: {
        'Prepare features': 'Failed',
        Train: 'Skipped',
        Compact: 'Skipped',
        'Page the team': 'Succeeded',
      },
    })
    expect(workspace.runs.size).toBe(1)
    expect(team.requests.map(({ url, body }) => [url, (JSON.parse(body) as JsonObject)['day']])).toEqual([
      ['/page', '2026-03-02'],
    ])
  })
}

/** The one task of a submitted run: in a list, or the run itself. */
function taskOf(submitted: JsonObject): unknown {
  const { tasks } = submitted
  return Array.isArray(tasks) ? tasks[0] : submitted
}
