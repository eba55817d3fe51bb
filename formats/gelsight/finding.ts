/** Something about a scan that a person may want to know; errors make it PARTIAL. */
export interface Finding {
  /** e.g. `image.size_equals_scan`. */
  readonly rule: string
  readonly severity: 'error' | 'warning'
  /** File or field, e.g. `scan.yaml:camera.shutter`. */
  readonly place: string
  readonly message: string
}

/** Findings of one place of one rule, each once: they are rows with (rule, place) as their key. */
export class Findings {
  private readonly found = new Map<string, Finding>()

  add(severity: Finding['severity'], rule: string, place: string, message: string): void {
    const key = `${rule}\n${place}`
    if (!this.found.has(key)) this.found.set(key, { rule, severity, place, message })
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
