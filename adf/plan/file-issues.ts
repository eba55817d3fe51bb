import type { z } from 'zod'
import type { DefinitionIssue } from '../errors.ts'
import type { JsonValue } from '../json.ts'
import { describeIssue } from '../resource/describe-issue.ts'
import { formatPlace } from '../text/place.ts'
import type { Path } from '../text/positions.ts'
import { Positions } from '../text/positions.ts'

type Severity = DefinitionIssue['severity']

/** Collects what is wrong in one file; paths become lines and places that people can find. */
export class FileIssues {
  readonly path: string
  readonly #root: JsonValue | undefined
  readonly #positions: Positions
  readonly #owner: string
  readonly #found = new Map<string, DefinitionIssue>()

  /** `owner` is said before each place, where a file holds several resources. */
  constructor(path: string, root?: JsonValue, positions: Positions = new Positions(), owner = '') {
    this.path = path
    this.#root = root
    this.#positions = positions
    this.#owner = owner
  }

  /** The same finding at the same place counts once. */
  report(path: Path, message: string, severity: Severity = 'error', line?: number | null): void {
    const place = this.#owner + formatPlace(this.#root, path)
    const issue: DefinitionIssue = {
      file: this.path,
      line: line ?? this.#positions.lineOf(path),
      place,
      message,
      severity,
    }
    this.#found.set(JSON.stringify([issue.line, place, message]), issue)
  }

  /** Findings of a schema that was given the value at `base`; those that `keep` refuses are left out. */
  reportSchema(
    error: z.ZodError,
    value: unknown,
    base: Path,
    keep: (path: Path) => boolean = () => true,
  ): void {
    for (const issue of error.issues) {
      for (const finding of describeIssue(issue, value)) {
        if (keep(finding.path)) this.report([...base, ...finding.path], finding.message)
      }
    }
  }

  /** Where a path stands, as an issue says it. */
  locate(path: Path): Pick<DefinitionIssue, 'file' | 'line' | 'place'> {
    return {
      file: this.path,
      line: this.#positions.lineOf(path),
      place: this.#owner + formatPlace(this.#root, path),
    }
  }

  /** A path as people read it. */
  placeOf(path: Path): string {
    return formatPlace(this.#root, path)
  }

  get hasErrors(): boolean {
    return this.list().some((issue) => issue.severity === 'error')
  }

  /** In the order of the file's lines. */
  list(): DefinitionIssue[] {
    return [...this.#found.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  }
}
