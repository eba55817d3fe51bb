/** A big loop's share of one lane: items `index, index + stride, …`, at most `window` of them at once. */
export interface LaneShare {
  readonly index: number
  readonly stride: number
  readonly window: number
}

/** More lanes than this gain nothing: each is a workflow that keeps a worker's workflow slot busy. */
const mostLanes = 4

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
