import { describe, expect, it } from 'vitest'
import { readYaml } from '../../../formats/yaml/read-yaml.ts'

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding)

describe('tolerated', () => {
  it.each([
    ['leading zeros of a serial number', 'serialnumber: 00020015', { serialnumber: '00020015' }, []],
    ['a gel id that looks like a number', 'gelid: 12E5', { gelid: '12E5' }, []],
    [
      'True, None and dates as text',
      'a: True\nb: None\nc: 2025-09-17 12:58:41',
      { a: 'True', b: 'None', c: '2025-09-17 12:58:41' },
      [],
    ],
    ['a byte order mark and CRLF', '\ufeffa: 1\r\nb: x\r\n', { a: '1', b: 'x' }, []],
    ['trailing spaces and tabs', 'a: 1 \t\nb:   \n  c: 2  \n', { a: '1', b: { c: '2' } }, []],
    [
      'a Windows path',
      'calib: C:\\Users\\Public\\Calib-1.yaml',
      { calib: 'C:\\Users\\Public\\Calib-1.yaml' },
      [],
    ],
    ['a tuple', 'crop: (103, 103, 2266, 1858)', { crop: '(103, 103, 2266, 1858)' }, []],
    ['an empty value', 'a:\nb: ""', { a: '', b: '' }, []],
    [
      'tabs as indentation',
      'a:\n\tb: 1\n\tc:\n\t\td: 2',
      { a: { b: '1', c: { d: '2' } } },
      ['is indented with tabs; read with tabs of 4'],
    ],
    [
      'tabs beside four spaces',
      'a:\n    b: 1\n\tc: 2',
      { a: { b: '1', c: '2' } },
      ['is indented with tabs; read with tabs of 4'],
    ],
    [
      'a duplicate key: the last one counts',
      'a: 1\nb: 2\na: 3',
      { a: '3', b: '2' },
      ['repeats a key in line 3; the last one counts'],
    ],
    ['a key of the language', '__proto__: {x: 1}\nb: 2', { ['__proto__']: { x: '1' }, b: '2' }, []],
    ['an alias', 'a: &x {k: 1}\nb: *x', { a: { k: '1' }, b: { k: '1' } }, []],
  ])('%s', (_title, text, value, warnings) => {
    expect(readYaml(bytes(text), 'scan.yaml')).toEqual({ value, warnings })
  })

  it('reads Windows-1252 where the bytes are no UTF-8', () => {
    expect(readYaml(Buffer.concat([bytes('a: 0.8 '), Buffer.from([0xb5]), bytes('m')]), 'f')).toEqual({
      value: { a: '0.8 µm' },
      warnings: ['is not UTF-8; read as Windows-1252'],
    })
  })

  it('reads UTF-16 by its mark', () => {
    expect(readYaml(bytes('\ufeffa: ü', 'utf16le'), 'f').value).toEqual({ a: 'ü' })
  })
})

describe('refused', () => {
  const deep = `a: ${'['.repeat(40)}${']'.repeat(40)}`
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
    .split('')
    .map((key, i) => {
      const before = 'abcdefgh'[i]
      return `${key}: &${key} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`
    })
    .join('\n')}`
  it.each([
    ['nothing', '', 's.yaml is not readable YAML: expected a document, but the input is empty'],
    ['plain text', 'hello', 's.yaml holds plain text; expected "key: value" lines'],
    ['a list', '- a', 's.yaml holds a list; expected "key: value" lines'],
    ['a broken line', 'a: 1\nb: [1, 2', /^s\.yaml:\d is not readable YAML: /],
    ['a NUL byte', 'a: 1\0', 's.yaml:1 is not readable YAML: null byte is not allowed in input'],
    ['an object of Python', 'a: !!python/object:os.system {x: 1}', /unknown mapping tag/],
    ['deep nesting', deep, /^s\.yaml:1 is not readable YAML: /],
    ['many aliases', `a: &a 1\nb: [${'*a, '.repeat(65)}*a]`, /^s\.yaml.* is not readable YAML: .*alias/],
    ['an expansion bomb', bomb, 's.yaml has more than 2000000 values once its aliases are expanded'],
    [
      'a long text that aliases repeat',
      `a: &a ${'x'.repeat(2 ** 20)}\nb: [${Array.from({ length: 16 }, () => '*a').join(', ')}]`,
      's.yaml has more than 16777216 characters once its aliases are expanded',
    ],
    [
      'too many bytes',
      `a: ${'x'.repeat(17 * 2 ** 20)}`,
      's.yaml has 17825795 bytes; YAML of at most 16777216 bytes is read',
    ],
  ])('%s', (_title, text, message) => {
    let thrown: unknown
    try {
      readYaml(bytes(text), 's.yaml')
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ name: 'DataError' })
    if (message instanceof RegExp)
      expect(String(thrown)).toMatch(new RegExp(message.source.replace('^', '^DataError: ')))
    else expect(String(thrown)).toBe(`DataError: ${message}`)
  })
})
