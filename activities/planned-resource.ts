import { DefinitionError } from '../adf/errors.ts'
import type { Lake } from '../lake/lake.ts'

/**
 * Text of a file of the factory as the run's plan froze it (`Plan.resources`), whatever was edited since. `path` is inside the factory,
 * e.g. `table/dim_device.yaml`. Throws a DefinitionError where the plan has no such file.
 */
export async function readPlannedResource(
  lake: Lake,
  resources: Readonly<Record<string, string>>,
  path: string,
): Promise<string> {
  const sha256 = resources[path]
  if (sha256 === undefined) {
    throw new DefinitionError(
      `the factory has no file ${path}; add it and start a new run: a run keeps the files it started with`,
    )
  }
  return lake.readText(`_plans/${sha256}`)
}
