import { Transform } from 'node:stream'
import { DataError, DefinitionError } from '../../../adf/errors.ts'

/** ADF's names of encodings that differ from those of the Encoding Standard. */
const standard: Readonly<Record<string, string>> = {
  'utf-8 without bom': 'utf-8',
  'us-ascii': 'windows-1252',
  'utf-16': 'utf-16le',
  'euc-kr': 'euc-kr',
  gb2312: 'gb2312',
  gb18030: 'gb18030',
  'shift-jis': 'shift_jis',
  johab: 'euc-kr',
  'windows-874': 'windows-874',
}

export function isUtf8(name: string): boolean {
  return ['', 'utf-8', 'utf8', 'utf-8 without bom', 'default(utf-8)'].includes(name.toLowerCase())
}

/** Text of another encoding as UTF-8. Throws a DefinitionError where the encoding is not known here. */
export function decodeText(name: string): Transform {
  const label = standard[name.toLowerCase()] ?? name
  let decoder: InstanceType<typeof TextDecoder>
  try {
    decoder = new TextDecoder(label)
  } catch (cause) {
    throw new DefinitionError(
      `dataset typeProperties.encodingName is ${JSON.stringify(name)}, which is not read here; it may be UTF-8, UTF-16, UTF-16BE, ISO-8859-1 to -15, WINDOWS-1250 to -1258, BIG5, EUC-JP, EUC-KR, GB2312, GB18030, SHIFT-JIS`,
      { cause },
    )
  }
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      done(null, Buffer.from(decoder.decode(chunk, { stream: true })))
    },
    flush(done) {
      done(null, Buffer.from(decoder.decode()))
    },
  })
}

/** Encodings that text can be written in besides UTF-8. */
const writable: Readonly<Record<string, BufferEncoding>> = {
  'utf-16': 'utf16le',
  'utf-16le': 'utf16le',
  'us-ascii': 'ascii',
  'iso-8859-1': 'latin1',
}

/** UTF-8 text in another encoding. Throws a DefinitionError where it cannot be written here. */
export function encodeText(name: string): Transform {
  const encoding = writable[name.toLowerCase()]
  if (encoding === undefined)
    throw new DefinitionError(
      `dataset typeProperties.encodingName is ${JSON.stringify(name)}, which is not written here; it may be UTF-8, UTF-16, US-ASCII, ISO-8859-1`,
    )
  const decoder = new TextDecoder()
  const encode = (text: string): Buffer => {
    const wide = encoding === 'latin1' ? 0xff : encoding === 'ascii' ? 0x7f : 0x10ffff
    for (const character of text)
      if ((character.codePointAt(0) ?? 0) > wide)
        throw new DataError(
          `${JSON.stringify(character)} has no place in ${name}, the encodingName of the sink's dataset; choose UTF-8`,
        )
    return Buffer.from(text, encoding)
  }
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      try {
        done(null, encode(decoder.decode(chunk, { stream: true })))
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
      }
    },
    flush(done) {
      done(null, encode(decoder.decode()))
    },
  })
}
