import { describe, expect, it } from 'vitest'
import type { ActivityProgress, ActivityStatus, RunStatus } from '../../adf/run/status.ts'
import { csvLine } from '../../clients/cli/csv.ts'
import { bytesText, durationText } from '../../clients/cli/quantity.ts'
import { changeLines, progressLines, statusTree } from '../../clients/cli/status-tree.ts'
import { textTable } from '../../clients/cli/text-table.ts'

const now = new Date('2026-11-21T09:01:00Z')

function activity(name: string, changes: Partial<ActivityStatus> = {}): ActivityStatus {
  return {
    name,
    type: 'Wait',
    status: 'Waiting',
    retryAttempt: 0,
    start: null,
    end: null,
    error: null,
    activityId: null,
    iterations: null,
    workflowIds: [],
    children: [],
    ...changes,
  }
}

const [start, end] = ['2026-11-21T09:00:00Z', '2026-11-21T09:00:04Z']
const error = {
  errorCode: '2011',
  message: 'no such folder',
  failureType: 'UserError',
  target: 'Ingest',
  details: null,
} as const
const beat: ActivityProgress = { done: 30, total: 120, unit: 'scans', bytes: 83_400_000, rows: 1200 }

function run(activities: readonly ActivityStatus[]): RunStatus {
  return {
    pipeline: 'bronze_ingest',
    runId: 'r',
    workflowId: 'bronze_ingest/b',
    batch: 'b',
    status: 'InProgress',
    paused: false,
    start,
    end: null,
    message: null,
    activities,
  }
}

const underWay = run([
  activity('Find', { status: 'Succeeded', start, end }),
  activity('Ingest', {
    type: 'ForEach',
    status: 'InProgress',
    start: end,
    iterations: { total: 10, done: 4, failed: 1, running: 2 },
    children: [
      activity('2', {
        status: 'InProgress',
        start: end,
        children: [activity('Ingest', { status: 'InProgress', start, activityId: '7' })],
      }),
      activity('3', { status: 'Failed', start, end, error }),
    ],
  }),
  activity('Notify'),
])

describe('the tree of a run', () => {
  it('shows what is done, how far the rest is, when it will be there, and what went wrong', () => {
    expect(statusTree(underWay, new Map([['7', beat]]), now).join('\n')).toMatchInlineSnapshot(`
      "bronze_ingest/b  InProgress  1 of 3 activities  1 min 00 s
        ✓ Find  4.0 s
        ▸ Ingest  56.0 s, 4 of 10 iterations (2 running, 1 failed), about 1 min 24 s left
          ▸ 2  56.0 s
            ▸ Ingest  1 min 00 s, 30 of 120 scans, 1,200 rows, 83.4 MB, about 3 min 00 s left
          ✗ 3  Failed, 4.0 s
              2011: no such folder
        · Notify"
    `)
  })

  it('as plain lines has one for each change at top level and one for each failure', () => {
    const before = run([
      activity('Find', { status: 'InProgress', start }),
      activity('Ingest'),
      activity('Notify'),
    ])
    expect(changeLines(before, underWay)).toEqual([
      'bronze_ingest/b  Find  Succeeded  4.0 s',
      'bronze_ingest/b  Ingest  InProgress',
      'bronze_ingest/b  Ingest > 3  Failed  4.0 s  2011: no such folder',
    ])
    expect(changeLines(underWay, underWay)).toEqual([])
    expect(progressLines(underWay, new Map(), now)).toEqual([
      'bronze_ingest/b  Ingest  4 of 10 iterations (2 running, 1 failed), about 1 min 24 s left',
    ])
  })
})

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_600, '1.0 MB'],
  [123_456_789, '123 MB'],
  [5e12, '5.0 TB'],
  [5e15, '5000 TB'],
])('%d bytes read as %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))

it.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [7_800_000, '2 h 10 min'],
])('%d ms read as %s', (ms, text) => expect(durationText(ms)).toBe(text))

it.each([
  { values: ['a', 1, true], line: 'a,1,true' },
  { values: [null, ''], line: ',""' },
  { values: ['a,b', 'say "no"', 'two\nlines'], line: '"a,b","say ""no""","two\nlines"' },
  { values: ['0012', 'µm'], line: '0012,µm' },
])('$values as CSV', ({ values, line }) => expect(csvLine(values)).toBe(line))

it('a table as text lines up, keeps to its width, and shortens the widest column', () => {
  const columns = [{ title: 'name' }, { title: 'n', alignRight: true }, { title: 'reason' }]
  const rows = [
    ['a', '7', 'a reason\nof two lines that is long'],
    ['bcd', '1200', ''],
  ]
  expect(textTable(columns, rows, 30)).toEqual([
    'name     n  reason',
    'a        7  a reason of two l…',
    'bcd   1200',
  ])
})
