import { copyProperties, typeOf } from '../../adf/activity/copy.ts'
import { copySinkTypes } from '../../adf/activity/copy/sink-types.ts'
import { copySourceTypes } from '../../adf/activity/copy/source-types.ts'
import { DefinitionError } from '../../adf/errors.ts'
import type { ResolvedDataset } from '../../adf/run/run.ts'
import type { ActivityFunction } from '../activity.ts'
import { parseProperties } from '../properties.ts'
import { copyFiles } from './binary/copy-files.ts'
import { copyRows } from './copy-rows.ts'

/**
 * Copies data from the store of its one input to that of its one output. Rows go through DuckDB; Binary files are copied as they are.
 * What is being written has its final name only when it is complete, and a second call writes the same again.
 */
export const copy: ActivityFunction = async (invocation, context, dependencies) => {
  const properties = parseProperties(copyProperties, invocation)
  const input = onlyOne(invocation.name, 'inputs', invocation.inputs)
  const output = onlyOne(invocation.name, 'outputs', invocation.outputs)
  // Both are known: the schema has just said so.
  const sourceType = typeOf(copySourceTypes, properties.source) ?? 'BinarySource'
  const sinkType = typeOf(copySinkTypes, properties.sink) ?? 'BinarySink'
  const task = { invocation, properties, input, output }
  if (sourceType === 'BinarySource' && sinkType === 'BinarySink')
    return copyFiles({ ...task, sourceType, sinkType }, context, dependencies)
  if (sourceType === 'BinarySource' || sinkType === 'BinarySink')
    throw new DefinitionError(
      `activity "${invocation.name}" copies ${sourceType} to ${sinkType}: Binary goes to Binary only, as in ADF`,
    )
  return copyRows({ ...task, sourceType, sinkType }, context, dependencies)
}

function onlyOne(
  activity: string,
  place: 'inputs' | 'outputs',
  datasets: readonly ResolvedDataset[],
): ResolvedDataset {
  const [dataset, ...others] = datasets
  if (dataset === undefined || others.length > 0)
    throw new DefinitionError(
      `activity "${activity}" has ${datasets.length} ${place}; a Copy has exactly one dataset there`,
    )
  return dataset
}
