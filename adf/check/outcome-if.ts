import type { TreeActivity } from './activity-tree.ts'

type Status = 'succeeded' | 'failed' | 'skipped'

export interface Supposed {
  readonly outcome: 'succeeded' | 'failed'
  readonly statusOf: (name: string) => Status | undefined
}

/** A list of activities by what waits for what. Circles are errors of their own: what is in one has no place in `order`. */
interface Graph {
  readonly order: readonly TreeActivity[]
  readonly parents: ReadonlyMap<TreeActivity, readonly TreeActivity[]>
  readonly leaves: readonly TreeActivity[]
}

const graphs = new WeakMap<readonly TreeActivity[], Graph>()

function graphOf(list: readonly TreeActivity[]): Graph {
  const known = graphs.get(list)
  if (known !== undefined) return known
  const byName = new Map(list.map((one) => [one.name.toLowerCase(), one]))
  const parents = new Map<TreeActivity, TreeActivity[]>()
  const children = new Map<TreeActivity, TreeActivity[]>()
  for (const one of list) {
    const found = one.dependsOn.flatMap(({ activity }) => byName.get(activity.toLowerCase()) ?? [])
    parents.set(one, [...new Set(found)])
    for (const parent of new Set(found)) children.set(parent, [...(children.get(parent) ?? []), one])
  }
  const waiting = new Map(list.map((one) => [one, parents.get(one)?.length ?? 0]))
  const order = list.filter((one) => waiting.get(one) === 0)
  for (const one of order)
    for (const child of children.get(one) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1
      waiting.set(child, left)
      if (left === 0) order.push(child)
    }
  const graph = { order, parents, leaves: list.filter((one) => !children.has(one)) }
  graphs.set(list, graph)
  return graph
}

/** How a list of activities ends by ADF's rules if some of them fail and all others succeed (a Fail activity never does). */
export function outcomeIf(
  list: readonly TreeActivity[],
  failing: TreeActivity | ReadonlySet<TreeActivity>,
): Supposed {
  const { order, parents, leaves } = graphOf(list)
  const fails = (one: TreeActivity): boolean =>
    one === failing || (failing instanceof Set && failing.has(one)) || one.type === 'Fail'
  const statuses = new Map<string, Status>()
  for (const one of order) statuses.set(one.name.toLowerCase(), statusOf(one, fails, statuses))
  const judged = new Set<TreeActivity>()
  const open = [...leaves]
  let failed = false
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (judged.has(one)) continue
    judged.add(one)
    const status = statuses.get(one.name.toLowerCase())
    if (status === 'failed') failed = true
    // A skipped leaf is judged by what it waited for.
    if (status === 'skipped') open.push(...(parents.get(one) ?? []))
  }
  return {
    outcome: failed ? 'failed' : 'succeeded',
    statusOf: (name) => statuses.get(name.toLowerCase()),
  }
}

/** What an activity waits for, and what that waits for. */
export function ancestorsOf(list: readonly TreeActivity[], one: TreeActivity): TreeActivity[] {
  const { parents } = graphOf(list)
  const found = new Set<TreeActivity>()
  const open = [...(parents.get(one) ?? [])]
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    if (found.has(parent)) continue
    found.add(parent)
    open.push(...(parents.get(parent) ?? []))
  }
  return [...found]
}

/** Whether an activity is part of no circle and waits for none. */
export function isReached(list: readonly TreeActivity[], one: TreeActivity): boolean {
  return graphOf(list).order.includes(one)
}

function statusOf(
  one: TreeActivity,
  fails: (one: TreeActivity) => boolean,
  statuses: ReadonlyMap<string, Status>,
): Status {
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
  return fails(one) ? 'failed' : 'succeeded'
}
