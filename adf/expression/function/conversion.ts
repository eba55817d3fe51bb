import { decodeBase64, encodeBase64 } from '../base64.ts'
import { binaryObject, binaryType, fromUtf8, utf8 } from '../binary.ts'
import { Problem } from '../expression-error.ts'
import { parseJsonText } from '../json-text.ts'
import {
  asDouble,
  binaryContent,
  float,
  integer,
  isArray,
  isInteger,
  isNumber,
  isObject,
  toText,
  type Value,
} from '../value.ts'
import { parseXml } from '../xml/parse-xml.ts'
import { toJsonObject } from '../xml/xml-json.ts'
import { at, describe, stringAt, wrong } from './argument.ts'
import type { EagerRow, FunctionRow } from './function-row.ts'
import { xmlText } from './xml.ts'

const octets = 'application/octet-stream'

/** A function of one value. */
function one(name: string, parameter: string, convert: (value: Value) => Value): EagerRow {
  return {
    name,
    signature: `${name}(${parameter})`,
    minArgs: 1,
    maxArgs: 1,
    evaluate: (args) => convert(at(args, 0)),
  }
}

/** A function of one text. */
function ofText(name: string, parameter: string, convert: (text: string) => Value): EagerRow {
  return one(name, parameter, (value) => convert(stringAt([value], 0)))
}

function toInt(value: Value): Value {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (isInteger(value)) return value
  if (isNumber(value)) {
    const double = asDouble(value)
    if (Number.isInteger(double) && Math.abs(double) < 2 ** 63) return integer(BigInt(double))
    throw new Problem(`${describe(value)} has no integer value of 64 bits`)
  }
  const match =
    typeof value === 'string'
      ? /^\s*([+-]?)(\d[\d,]*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/.exec(value)
      : null
  if (match === null) throw new Problem(`${describe(value)} cannot be read as an integer`)
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const shift = Number(exponent) - fraction.length
  const digits = `${whole.replaceAll(',', '')}${fraction}`
  const cut = shift < 0 ? Math.max(0, digits.length + shift) : digits.length
  const significant = digits.replace(/^0+/, '')
  if (/[1-9]/.test(digits.slice(cut)) || significant.length + shift > 20) {
    throw new Problem(`${describe(value)} has no integer value of 64 bits`)
  }
  const number = BigInt(
    `${digits.slice(0, cut)}${'0'.repeat(significant === '' ? 0 : Math.max(0, shift))}` || '0',
  )
  const signed = sign === '-' ? -number : number
  if (BigInt.asIntN(64, signed) !== signed)
    throw new Problem(`${describe(value)} is outside the integers of 64 bits`)
  return integer(signed)
}

function toFloat(value: Value): Value {
  if (typeof value === 'boolean') return float(value ? 1 : 0)
  if (isNumber(value)) return float(asDouble(value))
  // A comma separates thousands wherever it stands, and a sign may come last: so .NET reads a number.
  const match =
    typeof value === 'string'
      ? /^\s*([+-]?)((?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*([+-]?)\s*$/.exec(value)
      : null
  if (match === null || (match[1] !== '' && match[3] !== '')) {
    throw new Problem(`${describe(value)} cannot be read as a float`)
  }
  const number = Number((match[2] ?? '').replaceAll(',', ''))
  if (!Number.isFinite(number)) throw new Problem(`${describe(value)} is too large for a float`)
  return float(match[1] === '-' || match[3] === '-' ? -number : number)
}

function toBool(value: Value): Value {
  if (typeof value === 'boolean') return value
  if (isNumber(value)) return asDouble(value) !== 0
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (text === 'true' || text === 'false') return text === 'true'
  throw new Problem(
    `${describe(value)} cannot be read as a boolean; allowed are true, false, 'true', 'false' and numbers`,
  )
}

function toJsonValue(value: Value): Value {
  const xml = xmlText(value)
  if (xml !== null) return toJsonObject(parseXml(xml))
  const bytes = binaryContent(value)
  const text = bytes === null ? value : fromUtf8(bytes)
  if (typeof text !== 'string') throw wrong(0, 'a string', value)
  return text.trim() === '' ? null : parseJsonText(text)
}

function bytesOf(value: Value): Uint8Array {
  if (value === null) throw wrong(0, 'a value that is not null', value)
  return binaryContent(value) ?? utf8(toText(value))
}

function base64Bytes(text: string): Uint8Array {
  const bytes = decodeBase64(text)
  if (bytes === null) throw new Problem(`${describe(text)} is not base64`)
  return bytes
}

function dataUri(value: Value): Value {
  const bytes = bytesOf(value)
  const type =
    binaryType(value) ??
    (typeof value === 'string' ? 'text/plain;charset=utf-8' : 'application/json;charset=utf-8')
  return `data:${type};base64,${encodeBase64(bytes)}`
}

function readDataUri(text: string): { type: string; bytes: Uint8Array } {
  const match = /^data:([^,]*?)(;base64)?,([^]*)$/i.exec(text)
  if (match === null) throw new Problem(`${describe(text)} is not a data URI: data:<type>;base64,<base64>`)
  const [, type = '', base64, content = ''] = match
  const charset = /;\s*charset=([^;]*)/i.exec(type)?.[1]?.toLowerCase()
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'us-ascii') {
    throw new Problem(`the charset '${charset}' is not supported; allowed is utf-8`)
  }
  return {
    type: type === '' ? 'text/plain' : type,
    bytes: base64 === undefined ? percentDecode(content) : base64Bytes(content),
  }
}

const unreserved = /[A-Za-z0-9\-._~]/

/** RFC 3986: all but letters, digits and `-._~` is written as %XX of its UTF-8 bytes. */
function percentEncode(text: string): string {
  let result = ''
  for (const byte of utf8(text)) {
    const letter = String.fromCharCode(byte)
    result += unreserved.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return result
}

/** What is no valid escape stays as it is. */
function percentDecode(text: string): Uint8Array {
  const source = utf8(text)
  const result: number[] = []
  for (let index = 0; index < source.length; index++) {
    const byte = source[index] ?? 0
    const hex = byte === 0x25 ? String.fromCharCode(...source.subarray(index + 1, index + 3)) : ''
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      result.push(parseInt(hex, 16))
      index += 2
    } else {
      result.push(byte)
    }
  }
  return Uint8Array.from(result)
}

function uriText(text: string): Uint8Array {
  return percentDecode(text.replaceAll('+', ' '))
}

export const conversionFunctions: readonly FunctionRow[] = [
  one('string', 'value', toText),
  one('int', 'value', toInt),
  one('float', 'value', toFloat),
  one('bool', 'value', toBool),
  one('json', 'text', toJsonValue),
  one('base64', 'text', (value) => {
    if (typeof value !== 'string' && !isArray(value) && !isObject(value)) {
      throw wrong(0, 'a string, an object or an array', value)
    }
    return encodeBase64(bytesOf(value))
  }),
  ofText('base64ToString', 'base64', (text) => fromUtf8(base64Bytes(text))),
  ofText('decodeBase64', 'base64', (text) => fromUtf8(base64Bytes(text))),
  ofText('base64ToBinary', 'base64', (text) => binaryObject(octets, base64Bytes(text))),
  one('binary', 'value', (value) => binaryObject(binaryType(value) ?? octets, bytesOf(value))),
  one('dataUri', 'value', dataUri),
  ofText('dataUriToString', 'dataUri', (text) => fromUtf8(readDataUri(text).bytes)),
  ofText('decodeDataUri', 'dataUri', (text) => fromUtf8(readDataUri(text).bytes)),
  ofText('dataUriToBinary', 'dataUri', (text) => {
    const { type, bytes } = readDataUri(text)
    return binaryObject(type, bytes)
  }),
  one('uriComponent', 'value', (value) => percentEncode(toText(value))),
  one('encodeUriComponent', 'value', (value) => percentEncode(toText(value))),
  ofText('uriComponentToString', 'text', (text) => fromUtf8(uriText(text))),
  ofText('decodeUriComponent', 'text', (text) => fromUtf8(uriText(text))),
  ofText('uriComponentToBinary', 'text', (text) => binaryObject(octets, uriText(text))),
]
