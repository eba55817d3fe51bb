/** A big loop's share of one lane: items `index, index + stride, …`, at most `window` of them at once. */
export interface LaneShare {
  readonly index: number
  readonly stride: number
  readonly window: number
}

/**
 * While one lane lets its iterations end to continue as new, the other goes on. More lanes cost: activities that end close together
 * are one workflow task where they belong to one lane, and one each where they belong to several.
 */
const mostLanes = 2

/** Splits a loop's `batchCount` among lanes: the windows add up to it exactly. Sequential loops: one lane, window 1. */
export function laneShares(batchCount: number, items: number): LaneShare[] {
  const stride = Math.max(1, Math.min(mostLanes, batchCount, items))
  return Array.from({ length: stride }, (_, index) => ({
    index,
    stride,
    window: Math.floor(batchCount / stride) + (index < batchCount % stride ? 1 : 0),
  }))
}

/** The items of a share, in order. */
export function itemsOf<T>(items: readonly T[], share: LaneShare): T[] {
  return items.filter((_, position) => position % share.stride === share.index)
}
