/** Something about a scan that a person may want to know; errors make it PARTIAL. */
export interface Finding {
  /** e.g. `image.size_equals_scan`. */
  readonly rule: string
  readonly severity: 'error' | 'warning'
  /** File or field, e.g. `scan.yaml:camera.shutter`. */
  readonly place: string
  readonly message: string
}

/** A file that is wrong throughout is told by its first findings. */
const most = 1000
const longestPlace = 300
const longestMessage = 1000

/** Findings, each place of each rule once: they are rows with (rule, place) as their key. */
export class Findings {
  private readonly found = new Map<string, Finding>()

  add(severity: Finding['severity'], rule: string, place: string, message: string): void {
    const short = cut(place, longestPlace)
    const key = `${rule}\n${short}`
    if (this.found.has(key)) return
    if (this.found.size < most)
      this.found.set(key, { rule, severity, place: short, message: cut(message, longestMessage) })
    else
      this.found.set('limit', {
        rule: 'findings.limit',
        severity: 'error',
        place: 'scan',
        message: `more than ${most} findings; the others were left out`,
      })
  }

  error(rule: string, place: string, message: string): void {
    this.add('error', rule, place, message)
  }

  warning(rule: string, place: string, message: string): void {
    this.add('warning', rule, place, message)
  }

  list(): Finding[] {
    return [...this.found.values()]
  }
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
