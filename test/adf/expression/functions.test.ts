import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findFunction, functionRows } from '../../../adf/expression/function/function-table.ts'

test('every function has a signature that begins with its name, and its name once', () => {
  for (const row of functionRows) {
    expect(row.signature.startsWith(`${row.name}(`)).toBe(true)
    expect(row.maxArgs).toBeGreaterThanOrEqual(row.minArgs)
    expect(findFunction(row.name.toUpperCase())).toBe(row)
  }
})

test('the documentation lists every function, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/internals/expressions.md'), 'utf8')
  const table = page.slice(page.indexOf('| family |')).split('\n\n')[0] ?? ''
  const rows = table.split('\n').slice(2)
  const listed = rows.flatMap((line) => (line.split('|')[2] ?? '').split(',').map((name) => name.trim()))
  const names = functionRows.map((row) => row.name)
  expect(listed.toSorted()).toEqual(names.toSorted())
})
