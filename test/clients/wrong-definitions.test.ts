import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { headrace, newHome } from './headrace.ts'

const activity = (name: string, rest = '', type = 'Wait', seconds = '1') =>
  `    - { name: ${name}, type: ${type}, ${rest} typeProperties: { waitTimeInSeconds: ${seconds} } }`
const after = (name: string) => `dependsOn: [{ activity: ${name}, dependencyConditions: [Succeeded] }],`

it.each([
  [
    'a cycle, an unknown type, a misspelt dependency, an expression that does not parse',
    [
      activity('a', after('b')),
      activity('b', after('a')),
      activity('extract', '', 'Wiat'),
      activity('d', after('extrat')),
      activity('e', '', 'Wait', '"@add(1,"'),
    ],
    [
      'pipeline/x.yaml:4 activities["a"].dependsOn waits for itself: a -> b -> a; take one of these dependencies away',
      'pipeline/x.yaml:6 activities["extract"].type "Wiat" is not an activity type here; did you mean "Wait"?',
      'pipeline/x.yaml:7 activities["d"].dependsOn[0].activity "extrat" is not an activity here; did you mean "extract"?',
      'pipeline/x.yaml:8 activities["e"].typeProperties.waitTimeInSeconds expected a function, a number,',
    ],
  ],
  [
    '10,000 activities',
    Array.from({ length: 10_000 }, (_, i) => activity(`a${i}`)),
    ['pipeline/x.yaml:3 activities holds 10000 activities; a pipeline has at most 1500'],
  ],
  ['a text that is no YAML', ['    - { name: "a'], ['pipeline/x.yaml:']],
])('%s: validate and run say file and line and end with code 2', async (_title, activities, messages) => {
  const home = newHome()
  await mkdir(join(home, 'factory/pipeline'), { recursive: true })
  await writeFile(
    join(home, 'factory/pipeline/x.yaml'),
    `name: x\nproperties:\n  activities:\n${activities.join('\n')}\n`,
  )
  const environment = { HEADRACE_HOME: home }
  const factory = join(home, 'factory')
  const [validated, run] = await Promise.all([
    headrace(['validate', factory], environment),
    headrace(['run', 'x', '--factory', factory], environment),
  ])
  for (const message of messages) {
    expect(validated).toMatchObject({ code: 2, stderr: '', stdout: expect.stringContaining(message) })
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) })
  }
  expect(run.stderr).toContain('nothing was started')
})
