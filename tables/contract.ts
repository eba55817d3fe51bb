import { z } from 'zod'

/** An object that names what it allows when it is given something else; one line a key. */
function record<T extends z.ZodRawShape>(shape: T) {
  const allowed = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `"${key}" is not a property here; allowed are ${allowed}`).join('\n')
        : undefined,
  })
}

/** `table/<name>.yaml`: what a table promises. Enforced before each commit. */
const identifier = z.string().regex(/^[a-z_][a-z0-9_]*$/, 'letters, digits and _ in lower case')

export const columnType = z.enum(['string', 'bigint', 'int', 'double', 'boolean', 'timestamp', 'date'])

const column = record({
  name: identifier,
  type: columnType.describe('timestamp is UTC microseconds'),
  nullable: z.boolean().default(true),
  description: z.string().optional(),
})

const check = record({
  id: z.string().regex(/^[a-z0-9_.-]+$/),
  sql: z.string().describe('A condition that must hold for every row, in columns of this table'),
  severity: z
    .enum(['error', 'warn'])
    .default('error')
    .describe('error: nothing is committed; warn: reported'),
})

const materialization = z.discriminatedUnion('type', [
  record({
    type: z.literal('append').describe('Rows are added; written by activities or by a SELECT'),
  }),
  record({
    type: z.literal('merge').describe('SCD 1: rows of the same key are replaced, new ones are added'),
    ignoring: z
      .array(identifier)
      .optional()
      .describe(
        'Columns such as the batch that wrote a row: a row that differs in nothing else stays as it is',
      ),
    replaceBy: z
      .array(identifier)
      .optional()
      .describe(
        'Rows of the table with the same values in these columns as the scope are all replaced, also where the SELECT gives none',
      ),
    scope: z
      .string()
      .optional()
      .describe(
        'SELECT of the replaceBy columns: what this batch replaces; default: those that the rows have',
      ),
  }),
  record({
    type: z.literal('scd2'),
    naturalKey: z.array(identifier).min(1),
    sequence: identifier.describe('Column by which versions are ordered; becomes the start of validity'),
    tracked: z
      .array(identifier)
      .min(1)
      .describe('A version is new when one of these differs from the version before it'),
    tieBreak: identifier
      .optional()
      .describe(
        'Untracked column: of different contents with the same sequence, the one with the greatest value counts; without it they are a DataError',
      ),
    surrogateKey: identifier.describe('bigint: hash_key of natural key and start of validity'),
    version: identifier.optional().describe('Numbered from 1 within the key'),
    effectiveDate: identifier.default('effective_date'),
    endDate: identifier.default('end_date').describe('Exclusive; null in the current version'),
    isCurrent: identifier.default('is_current'),
  }),
  record({ type: z.literal('replace').describe('The SELECT is the whole table') }),
])

export const tableContract = record({
  name: z
    .string()
    .regex(/^(bronze|silver|gold)\.[a-z_][a-z0-9_]*$/)
    .describe('layer.table, as SQL names it'),
  description: z.string().optional(),
  columns: z.array(column).min(1),
  key: z.array(identifier).describe('Unique; empty for append tables without one'),
  materialization,
  partitionBy: z
    .array(identifier)
    .default([])
    .describe('Columns whose values become the folders {a}/{b}/ of the files'),
  checks: z.array(check).default([]),
  foreignKeys: z
    .array(record({ columns: z.array(identifier), table: z.string(), references: z.array(identifier) }))
    .default([]),
  requiredColumns: z.array(identifier).default([]).describe('What completeness counts'),
  anomalies: z
    .strictObject({ value: identifier, within: z.array(identifier).min(1) })
    .optional()
    .describe('Rows whose value lies far from the median of those with the same `within` are reported'),
  warehouse: z
    .strictObject({ replaceBy: z.array(identifier).default([]) })
    .optional()
    .describe(
      'Loaded into the warehouse under the plain table name; rows with the same replaceBy values come and go together and are found by them: they are indexed',
    ),
})

export type TableContract = z.output<typeof tableContract>
export type TableColumn = TableContract['columns'][number]
export type ColumnType = z.output<typeof columnType>

/**
 * Folder of a table in the lake: `silver.dim_device` → `silver/dim_device`. Bronze tables lie under `bronze/_tables/`, because
 * `bronze/scans/` and `bronze/calibrations/` hold the platform's objects.
 */
export function tableFolder(name: string): string {
  const [layer = '', table = ''] = name.split('.')
  return layer === 'bronze' ? `bronze/_tables/${table}` : `${layer}/${table}`
}
