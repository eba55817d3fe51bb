import type { Notifier } from './notifier.ts'

/** One line on stderr, for whoever reads the worker's log. */
export function consoleNotifier(
  write: (line: string) => void = (line) => process.stderr.write(line),
): Notifier {
  return {
    name: 'console',
    send(notification) {
      const { severity, pipeline, batch, activity, title, text, error, runLink } = notification
      const place = activity === null ? `${pipeline}/${batch}` : `${pipeline}/${batch} "${activity}"`
      const parts = [title, text, error, runLink].filter((part) => part !== null && part !== '')
      write(`${severity.toUpperCase()} ${place}: ${oneLine(parts.join(' - '))}\n`)
      return Promise.resolve()
    },
  }
}

/** Text from a drop may hold line breaks and terminal control characters; a log line must not. */
function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}
