import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LocalLake } from '../../../lake/local/local-lake.ts'
import type { LakeContent } from '../../../lake/lake.ts'
import { buildTable } from '../../../tables/build/build-table.ts'
import { type Fixture, contractOf, openFixture, rowsOf } from '../fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

const contract = contractOf({
  name: 'silver.raced',
  columns: [
    { name: 'id', type: 'string', nullable: false },
    { name: 'n', type: 'bigint', nullable: false },
  ],
  key: ['id'],
  materialization: { type: 'merge' },
})

/** Adds one to the row `shared` and adds a row of the batch's own: a build that loses a race must read again. */
const count = (batch: string, lake: LocalLake) =>
  buildTable({
    lake,
    duckdb: fixture.duckdb,
    contract,
    sql: `SELECT 'shared' AS id, coalesce(max(n), 0) + 1 AS n FROM silver.raced WHERE id = 'shared'
      UNION ALL SELECT $batch, 1`,
    batch,
    parameters: {},
    contractOf: async () => contract,
  })

/** Lets another build go first, once, when this one is about to commit. */
class LateLake extends LocalLake {
  readonly #first: () => Promise<unknown>
  #isLate = false

  constructor(root: string, first: () => Promise<unknown>) {
    super({ root })
    this.#first = first
  }

  override async create(path: string, content: LakeContent): Promise<boolean> {
    if (path.includes('/_delta_log/') && !this.#isLate) {
      this.#isLate = true
      await this.#first()
    }
    return super.create(path, content)
  }
}

describe('builds of one table at once', () => {
  it('a build that lost the race reads again and builds again', async () => {
    const { lake, root } = fixture
    await count('b1', lake)
    const late = await count('b2', new LateLake(root, () => count('b3', lake)))
    expect(late).toMatchObject({ committed: true, version: 2, rowsInserted: 1, rowsUpdated: 1, rows: 4 })
    expect(await rowsOf(fixture, contract, 'id')).toEqual([
      { id: 'b1', n: '1' },
      { id: 'b2', n: '1' },
      { id: 'b3', n: '1' },
      { id: 'shared', n: '3' },
    ])
  })

  it('the same batch from two attempts is one commit', async () => {
    const { lake, root } = fixture
    const late = await count('b4', new LateLake(root, () => count('b4', lake)))
    expect(late).toMatchObject({ committed: false, version: 3 })
    expect(await rowsOf(fixture, contract, 'id')).toContainEqual({ id: 'shared', n: '4' })
  })

  it('six at once all count', async () => {
    const batches = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']
    await Promise.all(batches.map((batch) => count(batch, new LocalLake({ root: fixture.root }))))
    expect(await rowsOf(fixture, contract, 'id')).toContainEqual({ id: 'shared', n: '10' })
  })
})
