import type { z } from 'zod'
import { fileDatasetTypes } from './file-formats.ts'
import { restResource } from './rest-resource.ts'

/** Datasets whose rows are read or written here: their typeProperties as far as they are used. */
export const datasetTypes: Readonly<Record<string, z.ZodType>> = {
  ...fileDatasetTypes,
  RestResource: restResource,
}

/** Parts of a dataset's `location` that are used. */
export const locationProperties = [
  'type',
  'container',
  'fileSystem',
  'bucketName',
  'folderPath',
  'fileName',
  'relativeUrl',
] as const
