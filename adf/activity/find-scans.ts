import { z } from 'zod'
import { record, text, whole } from '../resource/fields.ts'

export const findScansProperties = record({
  source: text().default('inbox').describe('Folder of the lake that is searched'),
  batch: text().describe('Names the set of inputs; the same batch again uses the same manifest'),
  chunkSize: whole({ min: 1, max: 10_000 }).default(25).describe('Scans in one chunk'),
  processedAt: z
    .string()
    .optional()
    .describe(
      'Time of processing that rows bear, ISO 8601 UTC; empty or missing: when the run was triggered',
    ),
}).describe('Freezes the scans and calibrations of a folder into the manifest of a batch')
