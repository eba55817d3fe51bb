import { record, text } from '../resource/fields.ts'

export const archiveInboxProperties = record({
  manifest: text().describe('Lake path that FindScans gave'),
}).describe('Moves inbox files away of which everything is committed or quarantined')
