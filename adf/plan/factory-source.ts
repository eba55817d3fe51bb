import type { ParsedText } from '../text/parse-text.ts'

/** A factory as its files stand: what a reader of folders gives and everything here starts from. */
export interface FactorySource {
  /** Used where `factory.yaml` gives no name. */
  readonly name: string
  readonly files: readonly SourceFile[]
}

export interface SourceFile {
  /** Inside the factory, with `/`: `pipeline/bronze_ingest.yaml`. */
  readonly path: string
  /** Of the file's bytes, lower-case hex. */
  readonly sha256: string
  /** The file as UTF-8; null where it is not text. Definitions must be text. */
  readonly text: string | null
  /** Where the definition was cut out of another file (an ARM template): that file, and what was read there with its lines. */
  readonly cut?: { readonly file: string; readonly parsed: ParsedText }
}

export type ResourceKind = 'pipeline' | 'dataset' | 'linkedService' | 'trigger' | 'credential'

const folders: Readonly<Record<string, ResourceKind>> = {
  pipeline: 'pipeline',
  dataset: 'dataset',
  linkedservice: 'linkedService',
  trigger: 'trigger',
  credential: 'credential',
}

/** What a file is, by ADF's git layout: a resource, the factory itself, a test of a pipeline, or something that activities use. */
export function kindOf(path: string): ResourceKind | 'factory' | 'adfFactory' | 'test' | 'other' {
  const lower = path.toLowerCase()
  if (/^factory\.(ya?ml|json)$/.test(lower)) return 'factory'
  if (!/\.(ya?ml|json)$/.test(lower)) return 'other'
  const [folder = '', file, deeper] = lower.split('/')
  if (folder === 'test' && file !== undefined) return 'test'
  if (file === undefined || deeper !== undefined) return 'other'
  if (folder === 'factory') return 'adfFactory'
  return folders[folder] ?? 'other'
}

/** `pipeline/Copy scans.json` → `Copy scans`. */
export function nameFromPath(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1)
  return file.replace(/\.(ya?ml|json)$/i, '')
}
