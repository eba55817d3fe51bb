import type { z } from 'zod'
import { environmentSchema, variableText } from './schema.ts'

/** The table of every variable in Markdown, made from the schema: `node config/document.ts` prints it. */
export function documentVariables(): string {
  const shape: Readonly<Record<string, z.ZodType>> = environmentSchema.shape
  const rows = Object.entries(shape)
    .filter(([name]) => name !== 'PATH')
    .map(([name, schema]) => {
      const text = variableText(name, schema)
      return `| \`${name}\` | ${text.meaning} | ${text.allowed} | ${text.otherwise} |`
    })
  return ['| variable | meaning | allowed | when not set |', '|---|---|---|---|', ...rows, ''].join('\n')
}

if (import.meta.main) process.stdout.write(documentVariables())
