import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseSelect } from '../../../tables/build/parse.ts'
import { type Fixture, openFixture } from '../fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => fixture[Symbol.asyncDispose]())

it.each([
  ['a join and a parameter', 'SELECT * FROM a.x JOIN b.y USING (id) WHERE n > $n', ['a.x', 'b.y'], ['n']],
  ['numbers beyond all bounds', 'SELECT 1e400, -1e400 FROM a.x', ['a.x'], []],
  ['a text that reads as one', `SELECT 'a":Infinity' AS "NaN\\" FROM a."Infinity"`, ['a.Infinity'], []],
])('finds what a SELECT with %s reads', async (_title, sql, inputs, parameters) => {
  const found = await fixture.duckdb.session((connection) => parseSelect(connection, sql, 'x.sql'))
  expect(found).toEqual({ inputs, parameters })
})

it('refuses a NUL character, where the text would end for DuckDB', async () => {
  const parse = fixture.duckdb.session((connection) => parseSelect(connection, "SELECT '\0'", 'table/x.sql'))
  await expect(parse).rejects.toMatchObject({
    name: 'DefinitionError',
    message: 'table/x.sql holds a NUL character; SQL is text',
  })
})
