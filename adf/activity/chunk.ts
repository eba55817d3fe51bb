import { record, whole } from '../resource/fields.ts'

/** Part of a manifest, as FindScans gives it in `chunks`. */
export const chunkProperties = record({
  index: whole({ min: 0 }),
  offset: whole({ min: 0 }),
  count: whole({ min: 0 }),
})
