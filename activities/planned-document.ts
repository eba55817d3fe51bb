import { load } from 'js-yaml'
import { DefinitionError } from '../adf/errors.ts'
import type { Lake } from '../lake/lake.ts'
import { readPlannedResource } from './planned-resource.ts'

/**
 * JSON text of a configuration file of the factory (`routine_schemas` is `routine_schemas.yaml`) from the run's plan, for SQL that reads
 * `config.routine_schemas`; null where the factory has none. Throws a DefinitionError where it is not YAML.
 */
export async function readPlannedDocument(
  lake: Lake,
  resources: Readonly<Record<string, string>>,
  name: string,
): Promise<string | null> {
  const file = `${name}.yaml`
  if (!(file in resources)) return null
  const text = await readPlannedResource(lake, resources, file)
  try {
    return JSON.stringify(load(text) ?? null)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DefinitionError(`${file} is not YAML: ${reason}`, { cause })
  }
}
