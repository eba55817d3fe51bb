import type { Plan } from '../../adf/plan/plan.ts'
import type { Lake } from '../../lake/lake.ts'
import type { FactoryFolder } from './read-factory.ts'

/** Lake path of a file that a plan names by its SHA-256. */
export function storedPath(sha256: string): string {
  return `_plans/${sha256}`
}

/** Puts the files that a plan's activities use into the lake, each once: a run and its reruns find them there whatever is edited. */
export async function storePlan(lake: Lake, factory: FactoryFolder, plan: Plan): Promise<void> {
  for (const [path, sha256] of Object.entries(plan.resources)) {
    const bytes = factory.contents.get(sha256)
    if (bytes === undefined)
      throw new Error(
        `${path} (${sha256}) is in the plan and not in ${factory.root}; build the plan from this reading`,
      )
    await lake.create(storedPath(sha256), bytes)
  }
}
