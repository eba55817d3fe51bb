import type { SQLOutputValue, StatementSync } from 'node:sqlite'
import type { RowType } from '../../../formats/rows/row-stream.ts'
import { DefinitionError } from '../../errors.ts'
import { readType } from '../tsql/types.ts'
import type { ReadColumn } from './values.ts'

/**
 * Columns of a statement's result: by the declared type of the table's column; of an expression by the first rows' values. Names must be there once,
 * as rows become objects.
 */
export function resultColumns(
  statement: StatementSync,
  firstRows: readonly SQLOutputValue[][],
): ReadColumn[] {
  const seen = new Set<string>()
  return statement.columns().map(({ name, type }, index) => {
    if (seen.has(name.toLowerCase()))
      throw new DefinitionError(
        `the result has two columns ${JSON.stringify(name)}; name one of them with AS`,
      )
    seen.add(name.toLowerCase())
    const declared = type === null ? null : readType(type)
    return { name, declared, type: declared?.type ?? typeOf(firstRows.map((row) => row[index] ?? null)) }
  })
}

function typeOf(values: readonly SQLOutputValue[]): RowType {
  const found = values.filter((value) => value !== null)
  if (found.length === 0) return 'string'
  if (found.every((value) => typeof value === 'bigint')) return 'bigint'
  if (found.every((value) => typeof value === 'bigint' || typeof value === 'number')) return 'double'
  if (found.every((value) => value instanceof Uint8Array)) return 'bytes'
  return 'string'
}
