import { z } from 'zod'
import { record, text } from '../resource/fields.ts'

export const loadWarehouseProperties = record({
  tables: z.array(text()),
  batch: text(),
}).describe('Loads tables of the lake into the warehouse')
