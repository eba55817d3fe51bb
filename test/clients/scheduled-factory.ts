import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { JsonObject } from '../../adf/json.ts'

/** A factory folder of the running test, in JSON. `write` adds or replaces files. */
export interface WrittenFactory {
  readonly folder: string
  readonly name: string
  write(path: string, content: JsonObject): Promise<void>
  remove(path: string): Promise<void>
}

export async function writeFactory(files: Readonly<Record<string, JsonObject>>): Promise<WrittenFactory> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-factory-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const factory: WrittenFactory = {
    folder,
    name: folder.slice(folder.lastIndexOf('/') + 1),
    write: async (path, content) => {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), JSON.stringify(content))
    },
    remove: (path) => rm(join(folder, path)),
  }
  for (const [path, content] of Object.entries(files)) await factory.write(path, content)
  return factory
}

/** A pipeline whose one work activity does what `typeProperties` say (see `test/support/pipeline-worker.ts`). */
export function workPipeline(
  name: string,
  typeProperties: JsonObject,
  properties: JsonObject = {},
): JsonObject {
  return {
    name,
    properties: {
      parameters: { batch: { type: 'String' } },
      ...properties,
      activities: [
        {
          name: 'Work',
          type: 'BuildTable',
          typeProperties: {
            // Known to the run only: the factory has no tables.
            table: "@concat('silver.', 'any')",
            batch: '@pipeline().parameters.batch',
            parameters: typeProperties,
          },
        },
      ],
    },
  }
}

export function dailyTrigger(
  pipeline: string,
  properties: JsonObject = {},
  recurrence: JsonObject = {},
): JsonObject {
  return {
    name: 'daily',
    properties: {
      type: 'ScheduleTrigger',
      runtimeState: 'Started',
      pipelines: [
        {
          pipelineReference: { referenceName: pipeline, type: 'PipelineReference' },
          parameters: { batch: "@formatDateTime(trigger().scheduledTime, 'yyyyMMdd')" },
        },
      ],
      typeProperties: {
        recurrence: {
          frequency: 'Day',
          interval: 1,
          startTime: '2040-01-01T02:00:00Z',
          timeZone: 'UTC',
          ...recurrence,
        },
      },
      ...properties,
    },
  }
}
