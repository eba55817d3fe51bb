import fc from 'fast-check'

/**
 * Random expressions, mostly of right types. Clock and random are left out, so that two evaluators can be compared.
 * Dates stay in 1900 to 2100, zones in IANA names: what Microsoft's evaluator knows on Linux.
 */
type Arbitrary = fc.Arbitrary<string>

const texts = [
  '',
  'a',
  'Hello',
  'hello World',
  'a,b,,c',
  'äÖß',
  '12',
  '-7',
  ' 1.5 ',
  'true',
  'x/y?z=1&é',
  'aXbxc',
  '日本',
]
const patterns = [
  'yyyy-MM-dd',
  'o',
  'd',
  'D',
  'R',
  's',
  'u',
  'yyyyMMddHHmmss',
  'dd.MM.yy H:m',
  'MMM d, dddd',
  'fff',
  'FFF',
  'zzz K',
  'q',
  '%h',
]
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Sydney',
  'Nowhere/There',
]
const units = ['Second', 'minute', 'Hour', 'DAY', 'Week', 'Month', 'Year', 'months']

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function call(name: string, ...args: Arbitrary[]): Arbitrary {
  return fc.tuple(...args).map((values) => `${name}(${values.join(', ')})`)
}

/** One to three arguments. */
function many(name: string, arg: Arbitrary, minLength = 1): Arbitrary {
  return fc.array(arg, { minLength, maxLength: 3 }).map((values) => `${name}(${values.join(',')})`)
}

const literal = {
  string: fc
    .oneof(
      fc.constantFrom(...texts),
      fc.string({ unit: fc.constantFrom(...'abcABC01 ,.-_/%+äß'.split('')), maxLength: 8 }),
    )
    .map(quoted),
  int: fc
    .oneof(fc.integer({ min: -5, max: 12 }), fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }))
    .map(String),
  float: fc.constantFrom('1.0', '2.5', '-0.5', '1e3', '1e20', '1e-7', '12345.678', '0.1', '-3.0'),
  bool: fc.constantFrom('true', 'false'),
  json: fc
    .jsonValue({ maxDepth: 2 })
    .filter((value) => !JSON.stringify(value).includes('e-'))
    .map((value) => JSON.stringify(value)),
}

const day = fc
  .integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2100, 0, 1) })
  .map((ms) => new Date(ms).toISOString())
const timestampText = fc.oneof(
  day,
  day.map((text) => text.slice(0, 19)),
  day.map((text) => text.slice(0, 10)),
  day.map((text) => `${text.slice(0, 19)}.1234567Z`),
  day.map((text) => `${text.slice(0, 19)}+02:00`),
  day.map((text) => text.slice(0, 16).replace('T', ' ')),
)

interface Typed {
  string: string
  int: string
  float: string
  number: string
  bool: string
  array: string
  object: string
  timestamp: string
  any: string
}

const { any } = fc.letrec((tie: fc.LetrecTypedTie<Typed>) => {
  /** One argument in 30 is of any type. */
  const mostly = (typed: Arbitrary): Arbitrary =>
    fc.oneof({ weight: 29, arbitrary: typed }, { weight: 1, arbitrary: tie('any') })
  const s = mostly(tie('string'))
  const i = mostly(tie('int'))
  const n = mostly(tie('number'))
  const b = mostly(tie('bool'))
  const a = mostly(tie('array'))
  const o = mostly(tie('object'))
  const t = mostly(tie('timestamp'))
  const x = tie('any')
  const format = fc.constantFrom(...patterns).map(quoted)
  const zone = fc.constantFrom(...zones).map(quoted)
  const unit = fc.constantFrom(...units).map(quoted)
  const small = fc.integer({ min: -2, max: 6 }).map(String)
  const string = fc.oneof(
    { maxDepth: 5, depthSize: 'xlarge', depthIdentifier: 'expression' },
    literal.string,
    many('concat', x),
    call('string', x),
    call('replace', s, s, s),
    call('substring', s, small, small),
    call('toLower', s),
    call('toUpper', s),
    call('trim', s),
    call('join', a, s),
    call('take', s, small),
    call('skip', s, small),
    call('first', s),
    call('base64', x),
    call('base64ToString', call('base64', s)),
    call('uriComponent', x),
    call('uriComponentToString', s),
    call('dataUriToString', call('dataUri', x)),
    call('formatDateTime', t, format),
  )
  return {
    string,
    timestamp: fc.oneof(
      { maxDepth: 5, depthSize: 'xlarge', depthIdentifier: 'expression' },
      timestampText.map(quoted),
      call('addDays', t, small),
      call('addHours', t, i),
      call('addSeconds', t, small),
      call('addToTime', t, small, unit),
      call('subtractFromTime', t, small, unit),
      call('startOfDay', t),
      call('startOfHour', t),
      call('startOfMonth', t),
      call('convertFromUtc', t, zone),
      call('convertToUtc', t, zone),
      call('convertTimeZone', t, zone, zone),
    ),
    int: fc.oneof(
      { maxDepth: 5, depthSize: 'xlarge', depthIdentifier: 'expression' },
      literal.int,
      call('add', i, i),
      call('sub', i, i),
      call('mul', i, i),
      call('div', i, i),
      call('mod', i, i),
      call('length', fc.oneof(s, a)),
      call('indexOf', s, s),
      call('lastIndexOf', s, s),
      call('int', x),
      many('max', n),
      call('dayOfMonth', t),
      call('dayOfWeek', t),
      call('dayOfYear', t),
      call('ticks', t),
    ),
    float: fc.oneof(
      { maxDepth: 5, depthSize: 'xlarge', depthIdentifier: 'expression' },
      literal.float,
      call('add', n, n),
      call('mul', n, n),
      call('div', n, n),
      call('mod', n, n),
      call('float', x),
      many('min', n),
    ),
    number: fc.oneof({ depthIdentifier: 'expression' }, i, tie('float')),
    bool: fc.oneof(
      { maxDepth: 5, depthSize: 'xlarge', depthIdentifier: 'expression' },
      literal.bool,
      call('equals', x, x),
      call('greater', n, n),
      call('less', s, s),
      call('greaterOrEquals', s, s),
      call('lessOrEquals', n, n),
      many('and', b),
      many('or', b),
      call('not', b),
      call('contains', fc.oneof(s, a, o), x),
      call('contains', s, s),
      call('startsWith', s, s),
      call('endsWith', s, s),
      call('empty', x),
      call('bool', x),
    ),
    array: fc.oneof(
      { maxDepth: 5, depthSize: 'xlarge', depthIdentifier: 'expression' },
      many('createArray', x),
      call('split', s, s),
      call('union', a, a),
      call('intersection', a, a),
      call('range', small, small),
      call('take', a, small),
      call('skip', a, small),
      call('array', x),
    ),
    object: fc.oneof(
      { maxDepth: 5, depthSize: 'xlarge', depthIdentifier: 'expression' },
      fc
        .jsonValue({ maxDepth: 1, stringUnit: 'grapheme-ascii' })
        .map((value) => `json(${quoted(JSON.stringify({ a: value, B: 1.5 }))})`),
      call('union', o, o),
      call('intersection', o, o),
      call('binary', s),
    ),
    any: fc.oneof(
      { maxDepth: 5, depthSize: 'xlarge', depthIdentifier: 'expression' },
      literal.string,
      literal.int,
      fc.constant('null'),
      string,
      i,
      tie('float'),
      b,
      a,
      o,
      t,
      call('if', b, x, x),
      many('coalesce', x),
      call('first', a),
      call('last', a),
      fc.tuple(a, small).map(([array, index]) => `${array.startsWith('[') ? 'array(1)' : array}?[${index}]`),
      fc
        .tuple(o, fc.constantFrom('.a', '.b', '?.c', "['B']", '?.c?.d'))
        .map(([object, path]) => object + path),
    ),
  }
})

/** `@expr` or text with `@{expr}` in it. */
export const expression: Arbitrary = fc.oneof(
  any.map((text) => `@${text}`),
  any.map((text) => `a @{${text}} b`),
)

/** Anything that might upset a parser: pieces of the language in any order. */
export const noise: Arbitrary = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '@',
        '@{',
        '}',
        '(',
        ')',
        "'",
        ',',
        '.',
        '?',
        '[',
        ']',
        'concat',
        'item',
        '1',
        '-',
        'e5',
        ' ',
        '\n',
        '@@',
      ),
      fc.string(),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''))
