import { inject, it, expect } from 'vitest'
import { Connection } from '@temporalio/client'
import { searchAttributes } from '../../adf/run/status.ts'

it('serves a test run with the search attributes of a run', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') })
  const found = await connection.operatorService.listSearchAttributes({
    namespace: inject('temporalNamespace'),
  })
  expect(Object.keys(found.customAttributes ?? {})).toEqual(expect.arrayContaining([...searchAttributes]))
  await connection.close()
})
