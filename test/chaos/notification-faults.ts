import type { Delivery } from './receiver.ts'
import type { Note } from './survey.ts'

/** Each notification at least once on each channel, and whatever is repeated with the key that it had at first. */
export function notificationFaults(
  titles: readonly string[],
  deliveries: readonly Delivery[],
  notes: readonly Note[],
): string[] {
  const channels = [
    { channel: 'webhook', sent: deliveries },
    { channel: 'outbox', sent: notes },
  ]
  const all = [...deliveries, ...notes]
  return [
    ...channels.flatMap(({ channel, sent }) =>
      titles
        .filter((title) => !sent.some((one) => one.title === title))
        .map((title) => `notification "${title}" never came to the ${channel}`),
    ),
    ...titles.flatMap((title) => {
      const same = all.filter((one) => one.title === title)
      const keys = new Set(same.map(({ deduplicationKey }) => deduplicationKey))
      return keys.size > 1 ? [`notification "${title}" came with ${keys.size} deduplication keys`] : []
    }),
  ]
}
