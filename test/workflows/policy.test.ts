import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ActivityRunRecord } from '../../adf/run/run.ts'
import type { PlannedActivity } from '../../adf/plan/plan.ts'
import { endOf, startPipelineWorker, type PipelineWorker } from '../support/pipeline-worker.ts'
import { fail, pipeline, plan, setVariable, work } from '../support/plans.ts'

let worker: PipelineWorker
beforeAll(async () => {
  worker = await startPipelineWorker('policy')
})
afterAll(() => worker.stop())

async function run(name: string, activities: readonly PlannedActivity[]) {
  const variables = { v: { type: 'String', defaultValue: '' } } as const
  const handle = await worker.start(plan([pipeline(name, activities, { variables })]))
  const end = await endOf(handle)
  return { end, handle, rows: worker.rows.filter((row) => row.pipeline === name) }
}

const shown = ({ activity, retryAttempt, status, error }: ActivityRunRecord) => [
  activity,
  retryAttempt,
  status,
  error?.errorCode ?? null,
]

describe.concurrent('policy', () => {
  test('retries as often as the policy says, every try a row with its count', async () => {
    const { end, rows } = await run('retried', [work('A', { failTimes: 2 }, { policy: { retry: 3 } })])
    expect(end).toMatchObject({ status: 'Succeeded' })
    expect(rows.map(shown)).toEqual([
      ['A', 0, 'Failed', 'Error'],
      ['A', 1, 'Failed', 'Error'],
      ['A', 2, 'Succeeded', null],
    ])
  })

  test('fails with the last error once retries are used up', async () => {
    const { end, rows } = await run('exhausted', [work('A', { fail: 'down' }, { policy: { retry: 1 } })])
    expect(end).toEqual({ status: 'Failed', message: 'Operation on target A failed: down' })
    expect(rows).toHaveLength(2)
    expect(rows[0]?.error).toEqual({
      errorCode: 'Error',
      message: 'down',
      failureType: 'SystemError',
      target: 'A',
      details: [],
    })
  })

  test('does not retry what wrong data caused', async () => {
    const { end, rows } = await run('data', [
      work('A', { data: 'row 7 is no row' }, { policy: { retry: 5 } }),
    ])
    expect(end).toMatchObject({ status: 'Failed' })
    expect(rows.map(shown)).toEqual([['A', 0, 'Failed', 'DataError']])
    expect(rows[0]?.error?.failureType).toBe('UserError')
  })

  test('stops an activity at its timeout and retries it', async () => {
    const policy = { timeoutMs: 300, retry: 1 }
    const { end, rows } = await run('slow', [work('A', { hang: true }, { policy })])
    expect(end).toEqual({
      status: 'Failed',
      message:
        'Operation on target A failed: The activity did not end within its timeout of 0.3 s (policy.timeout)',
    })
    expect(rows.map(shown)).toEqual([
      ['A', 0, 'TimedOut', 'ActivityTimeout'],
      ['A', 1, 'TimedOut', 'ActivityTimeout'],
    ])
  })

  test('keeps secure input and output out of the records, not out of expressions', async () => {
    const policy = { secureInput: true, secureOutput: true }
    const { end, rows } = await run('secure', [
      work('A', { secret: 's3cret' }, { policy }),
      setVariable('B', 'v', "@activity('A').output.secret", { after: ['A'] }),
    ])
    expect(end).toMatchObject({ status: 'Succeeded' })
    expect(rows[0]).toMatchObject({ input: null, output: null })
    expect(rows[1]?.input).toEqual({ variableName: 'v', value: 's3cret' })
  })

  test.each([
    ['Succeeded', 'Succeeded', ['B', 'Succeeded']],
    ['Failed', 'Failed', ['B', 'Skipped']],
    ['Skipped', 'Succeeded', ['B', 'Skipped']],
  ] as const)(
    'an inactive activity marked as %s never runs; the run ends as %s',
    async (inactiveAs, outcome, b) => {
      const name = `inactive_${inactiveAs}`
      const { end, rows } = await run(name, [
        work('A', { fail: 'never' }, { inactiveAs }),
        work('B', {}, { after: ['A'] }),
      ])
      expect(end.status).toBe(outcome)
      expect(rows.map(({ activity, status }) => [activity, status])).toEqual([['A', 'Inactive'], b])
    },
  )

  test.each<[string, string, PlannedActivity[]]>([
    ['try-catch', 'Succeeded', [fail('A', 'no', '1'), work('H', {}, { after: [['A', 'Failed']] })]],
    [
      'do-if-else',
      'Failed',
      [fail('A', 'no', '1'), work('S', {}, { after: ['A'] }), work('H', {}, { after: [['A', 'Failed']] })],
    ],
    [
      'do-if-skip-else',
      'Succeeded',
      [
        fail('A', 'no', '1'),
        work('S', {}, { after: ['A'] }),
        work('H', {}, { after: [['A', 'Failed']] }),
        work('Dummy', {}, { after: [['S', 'Skipped']] }),
      ],
    ],
    ['best effort', 'Succeeded', [fail('A', 'no', '1'), work('N', {}, { after: [['A', 'Completed']] })]],
    [
      'handler at the end of a chain',
      'Succeeded',
      [
        fail('A', 'no', '1'),
        work('B', {}, { after: ['A'] }),
        work('C', {}, { after: ['B'] }),
        work('E', {}, { after: [['C', 'Failed', 'Skipped']] }),
      ],
    ],
  ])('the shape %s ends %s when A fails', async (shape, outcome, activities) => {
    const { end } = await run(`shape ${shape}`, activities)
    expect(end.status).toBe(outcome)
  })

  test('user properties are evaluated into the record', async () => {
    const userProperties = [
      { name: 'table', value: "@concat('dim_', 'device')" },
      { name: 'wrong', value: "@activity('X').output" },
    ]
    const { rows } = await run('properties', [work('A', {}, { userProperties })])
    expect(rows[0]?.userProperties).toEqual({
      table: 'dim_device',
      wrong: expect.stringContaining('(not evaluated:'),
    })
  })
})
