import { expect, test } from 'vitest'
import type { JsonValue } from '../../adf/json.ts'
import { readCallback } from '../../engine/callback.ts'

const failure = (errorCode: string, message: unknown) => ({ failure: { errorCode, message } })

test.each<[title: string, body: JsonValue, reportStatus: boolean, read: object]>([
  ['an object is the output', { rows: 3 }, false, { output: { rows: 3 } }],
  ['anything else stands under Response', [1], false, { output: { Response: [1] } }],
  ['a status below 400 gives Output', { StatusCode: '200', Output: { a: 1 } }, true, { output: { a: 1 } }],
  ['names are read whatever their case', { statuscode: 201, output: { a: 1 } }, true, { output: { a: 1 } }],
  ['Output that is no object is wrapped', { Output: 'x' }, true, { output: { Output: 'x' } }],
  ['no Output is an empty one', {}, true, { output: {} }],
  [
    'a status from 400 fails with Error',
    { StatusCode: '403', Error: { ErrorCode: 'Denied', Message: 'not you' } },
    true,
    failure('Denied', 'not you'),
  ],
  [
    'an Error that says nothing',
    { StatusCode: 500 },
    true,
    failure('500', 'The callback reported status 500'),
  ],
  ['no object', 'done', true, failure('InvalidCallback', expect.stringContaining('it was "done"'))],
  ['a status that is no number', { StatusCode: 'bad' }, true, failure('InvalidCallback', expect.any(String))],
])('%s', (_title, body, reportStatus, read) => {
  expect(readCallback(body, reportStatus)).toEqual(read)
})
