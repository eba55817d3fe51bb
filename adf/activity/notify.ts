import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { choice, record, text } from '../resource/fields.ts'

export const notifyProperties = record({
  severity: choice(['info', 'warning', 'error']).default('info'),
  title: text(),
  text: z.string().default(''),
  activity: text().optional().describe('Activity that the message is about'),
  error: z.custom<JsonValue>().optional(),
  input: z.custom<JsonValue>().optional(),
  channels: z.array(text()).optional().describe('Names from factory.yaml; absent: all'),
}).describe('Sends a message to people')
