import { expect, it } from 'vitest'
import { parseContract } from '../../activities/planned-table.ts'

it('names every wrong column of ten thousand without asking for each through all', () => {
  const columns = Array.from({ length: 10_000 }, () => '  - { name:int }')
  const began = process.cpuUsage()
  const parse = () => parseContract(`name: silver.wide\ncolumns:\n${columns.join('\n')}\n`, 'table/wide.yaml')
  expect(parse).toThrow(/^table\/wide\.yaml: columns\.0\.name .*columns\.9999\.name /s)
  const { user, system } = process.cpuUsage(began)
  expect((user + system) / 1e6).toBeLessThan(5)
})

it.each([
  ['no YAML', 'name: [', /^table\/x\.yaml is not YAML: /],
  ['no map', '- a', /^table\/x\.yaml: +must be a map of properties; it is \["a"\]$/],
])('says what is wrong with a contract that is %s', (_title, text, message) => {
  expect(() => parseContract(text, 'table/x.yaml')).toThrow(message)
})
