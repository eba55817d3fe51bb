import type { TreeActivity } from './activity-tree.ts'

type Status = 'succeeded' | 'failed' | 'skipped'

export interface Supposed {
  readonly outcome: 'succeeded' | 'failed'
  readonly statusOf: (name: string) => Status | undefined
}

/** How a list of activities ends by ADF's rules if one of them fails and all others succeed (a Fail activity never does). */
export function outcomeIf(list: readonly TreeActivity[], failing: TreeActivity): Supposed {
  const statuses = new Map<string, Status>()
  let waiting = [...list]
  while (waiting.length > 0) {
    const ready = waiting.filter((one) =>
      one.dependsOn.every(({ activity }) => statuses.has(activity.toLowerCase()) || !isIn(list, activity)),
    )
    // Circles are errors of their own.
    if (ready.length === 0) break
    for (const one of ready) statuses.set(one.name.toLowerCase(), statusOf(one, failing, statuses))
    waiting = waiting.filter((one) => !ready.includes(one))
  }
  const leaves = list.filter(
    (one) => !list.some((other) => other.dependsOn.some(({ activity }) => same(activity, one.name))),
  )
  const judged = new Set<TreeActivity>()
  const open = [...leaves]
  let failed = false
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (judged.has(one)) continue
    judged.add(one)
    const status = statuses.get(one.name.toLowerCase())
    if (status === 'failed') failed = true
    // A skipped leaf is judged by what it waited for.
    if (status === 'skipped')
      for (const { activity } of one.dependsOn)
        open.push(...list.filter((parent) => same(parent.name, activity)))
  }
  return {
    outcome: failed ? 'failed' : 'succeeded',
    statusOf: (name) => statuses.get(name.toLowerCase()),
  }
}

function statusOf(one: TreeActivity, failing: TreeActivity, statuses: ReadonlyMap<string, Status>): Status {
  const met = one.dependsOn.every(({ activity, conditions }) => {
    const status = statuses.get(activity.toLowerCase())
    return (
      status !== undefined &&
      (conditions.includes(status) || (conditions.includes('completed') && status !== 'skipped'))
    )
  })
  if (!met) return 'skipped'
  if (one.inactive) {
    const marked = one.raw['onInactiveMarkAs']
    const status = typeof marked === 'string' ? marked.toLowerCase() : 'succeeded'
    return status === 'failed' || status === 'skipped' ? status : 'succeeded'
  }
  return one === failing || one.type === 'Fail' ? 'failed' : 'succeeded'
}

function isIn(list: readonly TreeActivity[], name: string): boolean {
  return list.some((one) => same(one.name, name))
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
