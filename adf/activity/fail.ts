import { expression, record } from '../resource/fields.ts'

export const failProperties = record({
  message: expression(),
  errorCode: expression(),
}).describe('Fails with a message and a code')
