import type { JsonValue } from '../../adf/json.ts'

/** Where a command writes. Results go to standard output, all else (progress, errors) to standard error. */
export interface Terminal {
  readonly columns: number
  /** Whether a person watches the progress. */
  readonly isLive: boolean
  /** Whether results may be coloured: never in a file or a pipe. */
  readonly hasColour: boolean
  readonly print: (text: string) => void
  /** A part of a long result as it is; resolves when the reader has room for more. */
  readonly write: (text: string) => Promise<void>
  /** A result for programs: indented JSON. */
  readonly json: (value: unknown) => void
  /** A remark beside the result; a line that stays. */
  readonly note: (text: string) => void
  /** Replaces the live region at the end of the screen; [] removes it. Nothing where nobody watches. */
  readonly live: (lines: readonly string[]) => void
}

export function processTerminal(): Terminal {
  const { stdout, stderr } = process
  // The reader of a pipe may leave early (`headrace runs | head`): that is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  let shown = 0
  const clear = () => {
    if (shown > 0) stderr.write(`\u001b[${shown}A\u001b[0J`)
    shown = 0
  }
  // 0 where the terminal does not tell.
  const columns = stderr.columns || 120
  return {
    columns,
    isLive: stderr.isTTY === true,
    hasColour: stdout.isTTY === true && stdout.hasColors(),
    print(text) {
      clear()
      stdout.write(`${text}\n`)
    },
    async write(text) {
      clear()
      if (!stdout.write(text)) await new Promise<void>((resolve) => stdout.once('drain', resolve))
    },
    json(value) {
      clear()
      stdout.write(`${jsonText(value, 2)}\n`)
    },
    note(text) {
      clear()
      stderr.write(`${text}\n`)
    },
    live(lines) {
      if (stderr.isTTY !== true) return
      clear()
      const room = Math.max(1, (stderr.rows || 24) - 1)
      const fitting = lines.slice(0, room).map((line) => line.slice(0, columns - 1))
      for (const line of fitting) stderr.write(`${line}\n`)
      shown = fitting.length
    },
  }
}

/** Numbers of 64 bits are text in JSON where a double cannot hold them. */
/** JSON as results have it; one line without `indent`. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, plain, indent)
}

function plain(_key: string, value: JsonValue | bigint): JsonValue {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
