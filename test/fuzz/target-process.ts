import { isExpected, targets } from './targets.ts'

/** Run by fuzz.ts with a small heap: one target, one input a message, one answer each. */
export interface Answer {
  /** Null: a value, or an error that a parser may throw. */
  readonly unexpected: string | null
  /** Processor time; the machine may be busy with other things. */
  readonly cpuMs: number
  readonly residentBytes: number
}

const target = targets[process.argv[2] ?? '']
if (target === undefined || process.send === undefined) throw new Error('run by fuzz.ts')

process.on('message', (input: Uint8Array) => {
  void answer(Buffer.from(input)).then((sent) => process.send?.(sent))
})

async function answer(input: Buffer): Promise<Answer> {
  const before = process.cpuUsage()
  let unexpected: string | null = null
  try {
    await target?.run(input)
  } catch (error) {
    if (!isExpected(error))
      unexpected = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const { user, system } = process.cpuUsage(before)
  return { unexpected, cpuMs: (user + system) / 1000, residentBytes: process.memoryUsage.rss() }
}
