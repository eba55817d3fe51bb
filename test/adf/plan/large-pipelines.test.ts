import { expect, test } from 'vitest'
import { issuesOf } from './in-memory-factory.ts'

function wait(name: string, dependsOn: readonly string[] = [], type = 'Wait', seconds = '1'): string {
  const entries = dependsOn.map((one) => `{ activity: ${one}, dependencyConditions: [Succeeded] }`)
  return [
    `    - name: ${name}`,
    `      type: ${type}`,
    `      dependsOn: [${entries.join(', ')}]`,
    `      typeProperties: { waitTimeInSeconds: ${seconds} }`,
  ].join('\n')
}

function pipeline(activities: readonly string[]): Record<string, string> {
  return { 'pipeline/x.yaml': `name: x\nproperties:\n  activities:\n${activities.join('\n')}\n` }
}

const many = (count: number, make: (index: number) => string) =>
  pipeline(Array.from({ length: count }, (_, i) => make(i)))
const tooMany =
  'pipeline/x.yaml:3 activities holds 10000 activities; a pipeline has at most 1500: move some to a pipeline of their own'

test.each([
  ['10,000 activities', many(10_000, (i) => wait(`a${i}`)), 1, tooMany],
  ['a chain of 10,000', many(10_000, (i) => wait(`a${i}`, i === 0 ? [] : [`a${i - 1}`])), 1, tooMany],
  [
    '1,500 misspelt dependencies',
    many(1_500, (i) => wait(`activity number ${i}`, [`activity numbr ${i}`])),
    1_500,
    /^pipeline\/x\.yaml:6 activities\["activity number 0"\]\.dependsOn\[0\]\.activity "activity numbr 0" is not an activity here; did you mean/,
  ],
  [
    '1,500 unknown types',
    many(1_500, (i) => wait(`a${i}`, [], 'Wiat')),
    1_500,
    /^pipeline\/x\.yaml:5 activities\["a0"\]\.type "Wiat" is not an activity type here; did you mean "Wait"\?/,
  ],
  [
    '1,500 expressions that do not parse',
    many(1_500, (i) => wait(`a${i}`, [], 'Wait', `"@${'add(1,'.repeat(200)}1"`)),
    1_500,
    /^pipeline\/x\.yaml:7 activities\["a0"\]\.typeProperties\.waitTimeInSeconds expected ',' or '\)'/,
  ],
  [
    'a cycle of 1,500',
    many(1_500, (i) => wait(`a${i}`, [`a${(i + 1) % 1_500}`])),
    1,
    /^pipeline\/x\.yaml:6 activities\["a0"\]\.dependsOn waits for itself: a0 -> a1 -> /,
  ],
])('%s are reported with file and line in a time that one can wait for', (_title, files, count, first) => {
  const before = process.cpuUsage()
  const issues = issuesOf(files)
  const { user } = process.cpuUsage(before)
  expect(issues).toHaveLength(count)
  expect(issues[0]).toMatch(first)
  expect(user / 1e6).toBeLessThan(4)
})
