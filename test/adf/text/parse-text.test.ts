import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../../adf/json.ts'
import { parseText, textLimit } from '../../../adf/text/parse-text.ts'
import { formatPlace } from '../../../adf/text/place.ts'
import type { Path } from '../../../adf/text/positions.ts'

const values: readonly [title: string, text: string, value: JsonValue][] = [
  [
    'keeps timespans and dates as text',
    'a: 0.12:00:00\nb: 2026-01-01\nc: 12:30:00',
    { a: '0.12:00:00', b: '2026-01-01', c: '12:30:00' },
  ],
  ['reads booleans as YAML 1.2 does', 'a: yes\nb: on\nc: true', { a: 'yes', b: 'on', c: true }],
  ['keeps leading zeros that are quoted', 'a: "007"\nb: 1e3', { a: '007', b: 1000 }],
  [
    'reads JSON with tabs, escapes and a byte order mark',
    '\ufeff{\n\t"a": "\\ud83d\\ude00\\/",\n\t"b": [1, null]\n}',
    { a: '😀/', b: [1, null] },
  ],
  [
    'writes aliases and merges out',
    'a: &x { p: 1 }\nb: *x\nc: { <<: *x, q: 2 }',
    { a: { p: 1 }, b: { p: 1 }, c: { p: 1, q: 2 } },
  ],
  ['folds long expressions', "a: >-\n  @concat(\n  'x')", { a: "@concat( 'x')" }],
]

test.each(values)('%s', (_, text, value) => {
  expect(parseText(text)).toMatchObject({ value, problems: [] })
})

const problems: readonly [title: string, text: string, line: number | null, message: string][] = [
  [
    'an unclosed list',
    'a: 1\nb: [1,',
    2,
    'cannot be read: unexpected end of the stream within a flow collection, at: b: [1,',
  ],
  [
    'wrong indentation',
    'a:\n  b: 1\n c: 2\n',
    3,
    'cannot be read: bad indentation of a mapping entry, at: c: 2',
  ],
  ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 3, 'cannot be read: duplicated mapping key, at: a: 3'],
  [
    'a tag',
    'a: !include x.yaml\n',
    1,
    'cannot be read: unknown scalar tag !<!include>, at: a: !include x.yaml',
  ],
  [
    'a number that JSON does not know',
    'a:\n  b: .inf\n',
    null,
    'Infinity is not a number that JSON knows; quote it to mean text',
  ],
  [
    'an alias that contains itself',
    'a: &a\n  - *a\n',
    1,
    'is nested more than 100 levels deep; an alias may contain itself',
  ],
  [
    'a property __proto__',
    'a: { __proto__: 1 }\n',
    null,
    'has a property "__proto__", which no definition may use',
  ],
  [
    'a key that is a list',
    '? [a]\n: b\n',
    1,
    'cannot be read: object-based map does not support complex keys, at: ? [a]',
  ],
  [
    'too long a text',
    'a'.repeat(textLimit + 1),
    1,
    `is ${textLimit + 1} characters long; a definition has at most ${textLimit}`,
  ],
]

test.each(problems)('says where and why for %s', (_, text, line, message) => {
  expect(parseText(text).problems).toMatchObject([{ line, message, severity: 'error' }])
})

test('stops a small text that is huge with its aliases written out', () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level}: &l${level} [${`*l${level - 1}, `.repeat(level === 0 ? 0 : 9)}1]`,
  )
  expect(parseText(levels.join('\n')).problems[0]?.message).toBe(
    'holds more than 200000 values with its aliases written out',
  )
})

test('warns of a number that is not kept exactly', () => {
  expect(parseText('a: 12345678901234567890').problems).toMatchObject([
    {
      path: ['a'],
      message: '12345678901234567000 is too large to be kept exactly; quote it',
      severity: 'warning',
    },
  ])
})

describe('lines', () => {
  const text = `name: x
properties:
  activities:
    - name: A
      typeProperties: { items: [1,
        2] }
    # a comment
    -
      name: B
      Text: |
        first
        second
      empty:
`
  const { positions, value } = parseText(text)
  const lines: readonly [path: Path, line: number, place: string][] = [
    [[], 1, '(file)'],
    [['name'], 1, 'name'],
    [['properties'], 2, 'properties'],
    [['properties', 'activities', 0], 4, 'activities["A"]'],
    [
      ['properties', 'activities', 0, 'typeProperties', 'items', 1],
      6,
      'activities["A"].typeProperties.items[1]',
    ],
    [['properties', 'activities', 1, 'name'], 9, 'activities["B"].name'],
    [['properties', 'activities', 1, 'text'], 10, 'activities["B"].text'],
    [['properties', 'activities', 1, 'empty'], 13, 'activities["B"].empty'],
    [['properties', 'activities', 1, 'absent', 'deep'], 9, 'activities["B"].absent.deep'],
    [['properties', 'a b'], 2, '["a b"]'],
  ]
  test.each(lines)('%j', (path, line, place) => {
    expect([positions.lineOf(path), formatPlace(value, path)]).toEqual([line, place])
  })
})
