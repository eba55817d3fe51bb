import { createHash } from 'node:crypto'
import { DefinitionError } from '../../../adf/errors.ts'
import type { ActivityInvocation } from '../../../adf/run/run.ts'
import type { SelectedFile } from './select-files.ts'

/**
 * A name that nobody gave: `data_<guid>`, the same again when the activity is repeated after a crash, so that nothing is written twice.
 */
export function automaticName(invocation: ActivityInvocation, salt = ''): string {
  const { run, name, iterationPath } = invocation
  const hash = createHash('sha256')
    .update(JSON.stringify([run.runId, name, iterationPath, salt]))
    .digest('hex')
  return `data_${hash.slice(0, 8)}-${hash.slice(8, 12)}-${hash.slice(12, 16)}-${hash.slice(16, 20)}-${hash.slice(20, 32)}`
}

/** Name of the sink's file for a file of the source: its place and name with another extension (PreserveHierarchy), or a name of its own. */
export function nameFor(
  file: SelectedFile,
  behavior: 'PreserveHierarchy' | 'FlattenHierarchy',
  extension: string,
  invocation: ActivityInvocation,
): string {
  if (behavior === 'FlattenHierarchy') return `${automaticName(invocation, file.path)}${extension}`
  return `${file.relative.replace(knownExtensions, '')}${extension}`
}

const knownExtensions =
  /(\.(csv|tsv|txt|json|jsonl|ndjson|parquet|avro|orc|xml|xlsx?))?(\.(gz|gzip|bz2|deflate|zip|tar|tgz))?$/i

/** `<prefix>_00000.csv`, as ADF counts them. */
export function partName(prefix: string, index: number, extension: string): string {
  return `${prefix}_${String(index).padStart(5, '0')}${extension}`
}

/** Two files that would get one name: neither is written. */
export function checkDistinct(names: ReadonlyMap<string, string>, name: string, path: string): void {
  const other = names.get(name)
  if (other !== undefined && other !== path)
    throw new DefinitionError(
      `${other} and ${path} would both become ${name}; use copyBehavior FlattenHierarchy or MergeFiles, or copy them apart`,
    )
}
