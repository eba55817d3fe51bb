import type { ChaosResult } from './chaos-run.ts'
import type { Victim } from './plan.ts'

const rows: readonly (readonly [Victim, string])[] = [
  ['worker', 'worker killed'],
  ['temporal', 'Temporal server killed'],
  ['both', 'both killed at once'],
  [
    'zombie',
    'worker stopped in the middle of an activity until another one had taken over, then awake as a zombie',
  ],
  ['disk', "every disk full, Temporal's too, then freed"],
]

/** Markdown for the README. Counts only what really happened to a run that ended well. */
export function survivedTable(results: readonly ChaosResult[], scans: number): string {
  const well = results.filter(({ faults }) => faults.length === 0)
  const seeds = results.map(({ seed }) => seed)
  const happened = well.flatMap((result) => result.happened.filter(({ met }) => met !== null))
  const times = (victim: Victim) => happened.filter(({ disturbance }) => disturbance.victim === victim).length
  return [
    `${well.length} of ${results.length} runs (seeds ${Math.min(...seeds)} to ${Math.max(...seeds)}, ${scans} scans each) ended equal to the undisturbed one.`,
    '',
    '| what happened | times survived |',
    '|---|---|',
    ...rows.map(([victim, text]) => `| ${text} | ${times(victim)} |`),
    `| attempts of activities that failed on the full disk | ${well.reduce((sum, one) => sum + one.diskFailures, 0)} |`,
  ].join('\n')
}
