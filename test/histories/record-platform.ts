import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { expect, inject, test } from 'vitest'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'
import { historyText } from '../support/history-file.ts'
import { createInstallation } from '../support/installation.ts'

/** The three pipelines of the platform over a small drop with flaws, each with its own history. */
test('bronze_ingest, silver_transform and gold_analytics', async () => {
  const address = inject('temporalAddress')
  const installation = await createInstallation({ name: 'histories', temporalAddress: address })
  await makeSamples({ folder: join(installation.home, 'lake/inbox'), scans: 40, width: 32, bad: 0.1 })
  await installation.up()
  const result = await installation.headrace('run', 'bronze_ingest', '--batch', 'recorded')
  expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 })
  const connection = await Connection.connect({ address })
  const client = new Client({ connection })
  for (const pipeline of ['bronze_ingest', 'silver_transform', 'gold_analytics']) {
    const history = await client.workflow.getHandle(`${pipeline}/recorded`).fetchHistory()
    await writeFile(join(import.meta.dirname, `${pipeline}.json`), historyText(history))
  }
  await connection.close()
  await installation.remove()
}, 120_000)
