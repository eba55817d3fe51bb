import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import type { ActivityStatus, RunStatus } from '../../adf/run/status.ts'
import { historyText } from '../support/history-file.ts'
import { historyCases } from '../support/history-cases.ts'
import { endOf, startPipelineWorker, statusWhen, type PipelineWorker } from '../support/pipeline-worker.ts'

let worker: PipelineWorker
beforeAll(async () => {
  worker = await startPipelineWorker('histories')
  await worker.lake.create('inbox/there.txt', 'there')
})
afterAll(() => worker.stop())

test.each(Object.entries(historyCases))('%s', async (name, { plan, options, signals = [] }) => {
  const handle = await worker.start(plan, options)
  for (const signal of signals) {
    await statusWhen(handle, ({ activities, paused }) =>
      signal === 'resume' ? paused : activities[0]?.status === 'InProgress',
    )
    await handle.signal(signal)
  }
  await endOf(handle)
  await save(name, handle.workflowId)
  const status: RunStatus = await handle.query('status')
  for (const [index, id] of status.activities.flatMap(childrenOf).entries()) {
    await worker.client.workflow.getHandle(id).result()
    await save(`${name}.child-${index}`, id)
  }
})

async function save(name: string, workflowId: string): Promise<void> {
  const history = await worker.client.workflow.getHandle(workflowId).fetchHistory()
  await writeFile(join(import.meta.dirname, `${name}.json`), historyText(history))
}

function childrenOf(activity: ActivityStatus): string[] {
  return [...activity.workflowIds, ...activity.children.flatMap(childrenOf)].slice(0, 2)
}
