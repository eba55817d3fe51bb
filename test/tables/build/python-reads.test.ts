import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tableFolder } from '../../../tables/contract.ts'
import { type Fixture, openFixture, rowsOf } from '../fixture.ts'
import { fillPruned, prunedRows, prunedTables, pruningConditions } from '../pruning-cases.ts'
import { findWithPython, pythonMissing, pythonTitle } from '../python-deltalake.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

describe.skipIf(pythonMissing !== null)(pythonTitle, () => {
  it.each(prunedTables)('finds every row of %s by its values', async (name, partitionBy, how) => {
    const contract = await fillPruned(fixture, name, partitionBy, how)
    expect(await rowsOf(fixture, contract, 'id')).toHaveLength(prunedRows.length)
    const folder = join(fixture.root, tableFolder(name))
    const answers = findWithPython(
      folder,
      pruningConditions.map(([condition]) => condition),
    )
    const found = answers.map((rows, index) => [
      pruningConditions[index]?.[0],
      rows.map((row) => Number(row['id'])).toSorted((left, right) => left - right),
    ])
    expect(found).toEqual(pruningConditions)
  })
})
