import { load } from 'js-yaml'
import { DefinitionError } from '../adf/errors.ts'
import { describeIssue } from '../adf/resource/describe-issue.ts'
import type { Lake } from '../lake/lake.ts'
import { tableContract, type TableContract } from '../tables/contract.ts'
import { readPlannedResource } from './planned-resource.ts'

/**
 * The contract of a table (`silver.dim_device`) from the run's plan: `table/dim_device.yaml`. Throws a DefinitionError where it is missing or wrong.
 */
export async function readPlannedTable(
  lake: Lake,
  resources: Readonly<Record<string, string>>,
  table: string,
): Promise<TableContract> {
  const file = `table/${table.slice(table.indexOf('.') + 1)}.yaml`
  const contract = parseContract(await readPlannedResource(lake, resources, file), file)
  if (contract.name !== table) {
    throw new DefinitionError(`${file} describes ${contract.name}; the activity asks for ${table}`)
  }
  return contract
}

/** Throws a DefinitionError that names every place of the file that is wrong. */
export function parseContract(text: string, file: string): TableContract {
  const document = parseYaml(text, file)
  const parsed = tableContract.safeParse(document)
  if (!parsed.success) {
    const findings = parsed.error.issues
      .flatMap((issue) => describeIssue(issue, document))
      .map(({ path, message }) => `${path.join('.')} ${message}`)
    throw new DefinitionError(`${file}: ${findings.join('; ')}`)
  }
  return parsed.data
}

function parseYaml(text: string, file: string): unknown {
  try {
    return load(text)
  } catch (cause) {
    throw new DefinitionError(
      `${file} is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    )
  }
}
