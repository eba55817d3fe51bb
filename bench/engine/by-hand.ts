import { executeChild, proxyActivities } from '@temporalio/workflow'

/** What somebody would write who needs just this: the limit of what the interpreter can reach. */

interface Activities {
  Trivial(properties: { n: number }): Promise<{ n: number }>
}

const { Trivial } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })

export async function chain(length: number): Promise<void> {
  for (let n = 0; n < length; n += 1) await Trivial({ n })
}

export async function fanOut(width: number): Promise<void> {
  await Promise.all(Array.from({ length: width }, (_, n) => Trivial({ n })))
}

/** `window` at once, the next as soon as one has ended. */
export async function loop(items: number, window: number): Promise<void> {
  let next = 0
  const place = async (): Promise<void> => {
    while (next < items) {
      const n = next
      next += 1
      await Trivial({ n })
    }
  }
  await Promise.all(Array.from({ length: window }, place))
}

/** Too many items for one history: a child for each `chunk` of them, one after another. */
export async function batch(items: number, chunk: number, window: number): Promise<void> {
  for (let done = 0; done < items; done += chunk)
    await executeChild(loop, { args: [Math.min(chunk, items - done), window] })
}
