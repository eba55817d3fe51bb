import type { Plan, PlannedActivity, PlannedPipeline } from '../../adf/plan/plan.ts'
import type { StartOptions } from './pipeline-worker.ts'
import {
  append,
  base,
  fail,
  forEach,
  ifCondition,
  pipeline,
  plan,
  returnValue,
  setVariable,
  until,
  wait,
  work,
} from './plans.ts'

/** A run whose history is recorded: one for each control activity and each feature of the interpreter. */
export interface HistoryCase {
  readonly plan: Plan
  readonly options?: StartOptions
  /** Sent once its first activity is in progress. */
  readonly signals?: readonly ('pause' | 'resume' | 'cancel')[]
}

const variables: PlannedPipeline['variables'] = {
  list: { type: 'Array', defaultValue: [] },
  count: { type: 'Integer', defaultValue: 0 },
}

function one(activities: readonly PlannedActivity[], options: Partial<Plan> = {}): HistoryCase {
  return { plan: plan([pipeline('recorded', activities, { variables })], options) }
}

const child = pipeline('recorded_child', [wait('W', 0), returnValue('R', [])])

function execute(waitOnCompletion: boolean): PlannedActivity {
  return { ...base('Call'), type: 'ExecutePipeline', pipeline: child.name, parameters: {}, waitOnCompletion }
}

function withChild(waitOnCompletion: boolean): HistoryCase {
  return { plan: plan([pipeline('recorded', [execute(waitOnCompletion)]), child]) }
}

const dataset = {
  name: 'inbox',
  type: 'Binary',
  parameters: {},
  typeProperties: { location: { folderPath: 'inbox', fileName: 'there.txt' } },
  linkedService: { referenceName: 'lake', parameters: {} },
} as const

/** Costs much by estimate and nothing in truth: makes a loop of few items run in lanes. */
const looksLong = forEach('Inner', [], [work('Never'), work('Ever')])

export const historyCases: Readonly<Record<string, HistoryCase>> = {
  work: one([
    work('A', { n: 1 }),
    work('B', { n: "@activity('A').output.n" }, { after: ['A'] }),
    work('C', {}, { after: ['A'] }),
    work('D', {}, { after: ['B', 'C'] }),
  ]),
  retry: one([work('A', { failTimes: 2 }, { policy: { retry: 2, retryIntervalMs: 50 } })]),
  timeout: one([work('A', { hang: true }, { policy: { timeoutMs: 200 } })]),
  'failure-and-skips': one([
    fail('A', 'no', '1'),
    work('S', {}, { after: ['A'] }),
    work('H', {}, { after: [['A', 'Failed']] }),
    work('I', {}, { after: ['H'], inactiveAs: 'Succeeded' }),
  ]),
  variables: one([setVariable('S', 'count', 1), append('P', 'list', 1), returnValue('R', [])]),
  filter: one([{ ...base('F'), type: 'Filter', items: [1, 2, 3], condition: '@greater(item(), 1)' }]),
  if: one([ifCondition('If', true, [work('Then')], [work('Else')])]),
  switch: one([
    {
      ...base('S'),
      type: 'Switch',
      on: 'a',
      cases: [{ value: 'a', activities: [work('Case')] }],
      defaultActivities: [work('Default')],
    },
  ]),
  wait: one([wait('W', 1), work('A', {}, { after: ['W'] })]),
  until: one([
    until('U', "@greater(variables('count'), 1)", [
      work('In', { n: "@add(variables('count'), 1)" }),
      setVariable('Next', 'count', "@activity('In').output.n", { after: ['In'] }),
    ]),
  ]),
  'until-timeout': one([until('U', false, [wait('W', 5)], { timeoutMs: 300 })]),
  'foreach-parallel': one([forEach('L', '@range(0, 8)', [work('In', { i: '@item()' })], { batchCount: 3 })]),
  'foreach-sequential': one([
    forEach(
      'L',
      '@range(0, 4)',
      [work('In', { i: '@item()' }), append('P', 'list', '@item()', { after: ['In'] })],
      {
        isSequential: true,
      },
    ),
  ]),
  'foreach-nested': one([
    forEach('L', '@range(0, 2)', [forEach('M', '@range(0, 2)', [work('In', { fail: 'no' })])]),
  ]),
  'foreach-lanes': one([
    forEach('L', '@range(0, 60)', [
      looksLong,
      append('P', 'list', '@item()', { after: ['Inner'] }),
      work('In', {}, { after: ['P'] }),
    ]),
    returnValue('R', [], { after: ['L'] }),
  ]),
  'execute-pipeline': withChild(true),
  'execute-pipeline-without-waiting': withChild(false),
  validation: one(
    [
      {
        ...base('V'),
        type: 'Validation',
        dataset: { referenceName: 'inbox', parameters: {} },
        timeoutMs: 20_000,
        sleepMs: 100,
        minimumSize: 0,
        childItems: null,
      },
    ],
    {
      datasets: { inbox: dataset },
      linkedServices: { lake: { name: 'lake', type: 'AzureBlobFS', parameters: {}, typeProperties: {} } },
    },
  ),
  chain: {
    plan: plan([pipeline('recorded', [work('A')]), child], {
      chain: [{ trigger: 'after', upstream: 'recorded', pipeline: child.name, parameters: {} }],
    }),
    options: { chain: true },
  },
  'pause-and-resume': {
    ...one([wait('W', 1), work('A', {}, { after: ['W'] })]),
    signals: ['pause', 'resume'],
  },
  cancel: { ...one([work('A', { hang: true }), wait('W', 60)]), signals: ['cancel'] },
}
