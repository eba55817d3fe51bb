import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../../adf/json.ts'
import { run } from './world.ts'

const error = Symbol('error')
type Case = readonly [expression: JsonValue, result: JsonValue | typeof error]

function cases(title: string, rows: readonly Case[]): void {
  describe(title, () => {
    test.each(rows)('%s', (expression, result) => {
      if (typeof result === 'symbol') expect(() => run(expression)).toThrow()
      else expect(run(expression)).toEqual(result)
    })
  })
}

cases('takes a string as text unless it is an expression', [
  ['plain', 'plain'],
  ['a@@b', 'a@@b'],
  ['x@y', 'x@y'],
  [' @x', ' @x'],
  ["\n@concat('a')", "\n@concat('a')"],
  ['@', '@'],
  ['@@{a} @{1}', '@{a} @{1}'],
  ["@@concat('a')", "@concat('a')"],
  ['', ''],
])

cases('interpolates what stands in @{}', [
  ['a@@{x}b@{2}', 'a@{x}b2'],
  ['@{true}', 'True'],
  ['@{null}', ''],
  ['@{1.50}', '1.5'],
  ['@{5}', '5'],
  ["SELECT *\nFROM t WHERE id = '@{pipeline().parameters.n}'", "SELECT *\nFROM t WHERE id = '5'"],
  ["@{concat('}', '@{')}", '}@{'],
  ['@{createArray(1, 2.0, null)}', '[1,2.0,null]'],
  ['a @{1', error],
  ['a @{} b', error],
])

cases('evaluates a JSON value to its depth', [
  [
    { a: ['@add(1,2)', { b: "x@{'y'}" }], c: 1, d: null },
    { a: [3, { b: 'xy' }], c: 1, d: null },
  ],
  [{ value: '@add(1,2)', type: 'Expression' }, 3],
  [{ q: { value: 'plain', type: 'Expression' } }, { q: 'plain' }],
  [
    { value: '@add(1,2)', type: 'SecureString' },
    { value: 3, type: 'SecureString' },
  ],
  [
    { value: '@add(1,2)', type: 'Expression', more: 1 },
    { value: 3, type: 'Expression', more: 1 },
  ],
  [{ '@add(1,2)': 1 }, { '@add(1,2)': 1 }],
  ["@concat('@', 'add(1,2)')", '@add(1,2)'],
])

cases('selects properties and elements', [
  ["@activity('act').output.FIRSTROW.id", 7],
  ["@activity('Act')['output']['firstRow'].Id", 7],
  ['@pipeline().RunId', 'run-1'],
  ['@pipeline().globalParameters.REGION', 'eu'],
  ['@pipeline()?.TriggeredByPipelineName', null],
  ['@pipeline().TriggeredByPipelineName', error],
  ['@json(\'{"A":1,"a":2}\').a', 2],
  ["@split('a,b', ',')[1]", 'b'],
  ["@split('a,b', ',')[2]", error],
  ["@split('a,b', ',')?[2]", null],
  ['@json(\'{"A":{"b":1}}\')?.x.y', error],
  ['@json(\'{"A":{"b":1}}\')?.x?.y', null],
  ['@json(\'{"a":null}\').a?.x.y.z', null],
  ["@variables('v')", 'v'],
  ["@variables('w')", error],
  ['@item().K', 1],
])

cases('holds the golden vectors of the reference', [
  ["@concat('a',null)", 'a'],
  ['@concat(createArray(1),createArray(2))', '[1][2]'],
  ['@if(true,1,div(1,0))', 1],
  ['@and(false,div(1,0))', false],
  ["@json('')", null],
  ["@equals(1,'1')", false],
  ['@equals(true,1)', false],
  ['@equals(1,1.0)', true],
  ["@less('10',9)", error],
  ["@less('10','9')", true],
  ['@div(10,4)', 2],
  ['@div(10,4.0)', 2.5],
  ['@div(-7,2)', -3],
  ['@mod(-7,3)', -1],
  ["@int('10.5')", error],
  ["@int('1,000')", 1000],
  ["@bool('1')", error],
  ['@bool(2)', true],
  ["@float('1,5')", 15],
  ["@substring('hello',5,0)", error],
  ["@substring('hello',1)", 'ello'],
  ["@split('a||b','||')", ['a', 'b']],
  ["@contains(json('{\"Key\":1}'),'key')", true],
  ["@contains('Hello','hello')", false],
  ["@startsWith('Hello','he')", true],
  ["@indexOf('Hello','L')", 2],
  ["@greater('B','a')", true],
  ['@intersection(json(\'{"a":1,"b":2}\'),json(\'{"b":2,"a":9}\'))', { b: 2 }],
  ['@union(createArray(1,2),createArray(2,3))', [1, 2, 3]],
  ['@createArray()', error],
  ["@first(json('[]'))", null],
  ["@last('')", ''],
  ['@range(3,2)', [3, 4]],
  ['@range(0,100001)', error],
  ["@join(createArray(1,null,true),'-')", '1--True'],
  ["@coalesce(null,'')", ''],
  ['@empty(null)', true],
  ['@length(null)', error],
  ["@not('true')", error],
  ["@guid('d')", error],
  ["@addDays('2018-03-15',1)", '2018-03-16T00:00:00.0000000'],
  ["@addDays('2018-03-15T13:00:00+02:00',1)", '2018-03-16T11:00:00.0000000+00:00'],
  ["@addToTime('2018-01-31T00:00:00Z',1,'Month')", '2018-02-28T00:00:00.0000000Z'],
  ["@dayOfWeek('2018-03-15T13:27:36Z')", 4],
  ["@convertFromUtc('2018-07-01T12:00:00Z','W. Europe Standard Time')", '2018-07-01T14:00:00.0000000'],
  ["@convertFromUtc('2018-07-01T12:00:00','W. Europe Standard Time')", error],
  ["@convertToUtc('2018-07-01T12:00:00','Europe/Berlin')", '2018-07-01T10:00:00.0000000Z'],
  ["@convertToUtc('2018-03-25T02:30:00','W. Europe Standard Time')", error],
  [
    "@convertTimeZone('2018-01-01T08:00:00Z','W. Europe Standard Time','Pacific Standard Time')",
    '2018-01-01T00:00:00.0000000',
  ],
  ["@string(ticks('2018-01-01T00:00:00Z'))", '636503616000000000'],
  ["@uriComponent('a b*')", 'a%20b%2A'],
])

cases('keeps integers of 64 bits exact inside, and rounds them at the border only', [
  ['@string(add(9007199254740993, 1))', '9007199254740994'],
  ['@equals(9007199254740993, 9007199254740992)', false],
  ['@add(9007199254740993, 0)', 9007199254740992],
  ['@sub(9007199254740993, 9007199254740990)', 3],
  ['@mul(9223372036854775807, 2)', error],
  ['@string(json(\'{"a":9223372036854775807,"b":1.0}\'))', '{"a":9223372036854775807,"b":1.0}'],
  ['@string(add(1, 2.0))', '3'],
  ['@string(createArray(add(1, 2.0), 1e2))', '[3.0,100.0]'],
])

cases('takes clock, guid and random from the environment', [
  ['@utcNow()', '2026-11-21T12:09:24.1235000Z'],
  ["@utcNow('yyyy/MM/dd')", '2026/11/21'],
  ["@utcNow('g')", '11/21/2026 12:09 PM'],
  ["@getPastTime(1, 'Month', 'yyyy-MM-dd')", '2026-10-21'],
  ["@getFutureTime(2, 'week')", '2026-12-05T12:09:24.1235000Z'],
  ['@guid()', '0f8fad5b-d9cb-469f-a165-70867728950e'],
  ["@guid('N')", '0f8fad5bd9cb469fa16570867728950e'],
  ["@guid('X')", '{0x0f8fad5b,0xd9cb,0x469f,{0xa1,0x65,0x70,0x86,0x77,0x28,0x95,0x0e}}'],
  ['@rand(1, 10)', 5],
  ['@rand(3, 3)', 3],
])

cases('differs from the engine where data would be lost or JSON could not hold the result', [
  ['@mul(1e300, 1e300)', error],
  ["@float('NaN')", error],
  ['@json(\'{"a":1\')', error],
  ["@json('[1]]')", error],
  ['@json(\'{"a":1} x\')', error],
  ["@formatDateTime('13:27')", error],
])

cases('keeps prototypes out of reach', [
  ['@json(\'{"__proto__":{"x":1}}\').x', error],
  ["@json('{}')?.constructor", null],
  ["@activity('constructor')", error],
  ['@pipeline()?.toString', null],
])
