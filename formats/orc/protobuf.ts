import { DataError } from '../data-error.ts'

type Field = bigint | Uint8Array

/** Fields of one Protocol Buffers message, as far as ORC's messages need them: varints and bytes. */
export class Message {
  readonly #fields: ReadonlyMap<number, readonly Field[]>

  /** Throws a DataError where the bytes are no message. */
  constructor(bytes: Uint8Array) {
    this.#fields = parse(bytes)
  }

  /** The last of its number, as the encoding has it; `absent` where there is none. */
  number(id: number, absent = 0): number {
    const value = this.#last(id)
    if (value === undefined) return absent
    if (typeof value !== 'bigint' || value > BigInt(Number.MAX_SAFE_INTEGER))
      throw wrong(id, 'no whole number')
    return Number(value)
  }

  /** Numbers written one by one or packed. */
  numbers(id: number): number[] {
    return (this.#fields.get(id) ?? []).flatMap((value) => {
      if (typeof value === 'bigint') return [Number(value)]
      const numbers: number[] = []
      for (let at = 0; at < value.length;) {
        const found = varint(value, at)
        numbers.push(Number(found.value))
        at = found.end
      }
      return numbers
    })
  }

  has(id: number): boolean {
    return this.#fields.has(id)
  }

  text(id: number): string {
    const value = this.#last(id)
    if (value === undefined) return ''
    return textOf(value, id)
  }

  texts(id: number): string[] {
    return (this.#fields.get(id) ?? []).map((value) => textOf(value, id))
  }

  messages(id: number): Message[] {
    return (this.#fields.get(id) ?? []).map((value) => {
      if (typeof value === 'bigint') throw wrong(id, 'no message')
      return new Message(value)
    })
  }

  #last(id: number): Field | undefined {
    return this.#fields.get(id)?.at(-1)
  }
}

function textOf(value: Field, id: number): string {
  if (typeof value === 'bigint') throw wrong(id, 'no text')
  return Buffer.from(value).toString('utf8')
}

function wrong(id: number, what: string): DataError {
  return new DataError(`field ${id} of a description in the file is ${what}`)
}

function parse(bytes: Uint8Array): Map<number, Field[]> {
  const fields = new Map<number, Field[]>()
  const add = (id: number, value: Field): void => {
    const before = fields.get(id)
    if (before === undefined) fields.set(id, [value])
    else before.push(value)
  }
  for (let at = 0; at < bytes.length;) {
    const tag = varint(bytes, at)
    const id = Number(tag.value >> 3n)
    at = tag.end
    switch (Number(tag.value & 7n)) {
      case 0: {
        const { value, end } = varint(bytes, at)
        add(id, value)
        at = end
        break
      }
      case 1:
        at += 8
        break
      case 2: {
        const length = varint(bytes, at)
        const end = length.end + Number(length.value)
        if (end > bytes.length) throw new DataError('a description in the file is longer than its place')
        add(id, bytes.subarray(length.end, end))
        at = end
        break
      }
      case 5:
        at += 4
        break
      default:
        throw new DataError(`a description in the file has a field of wire type ${tag.value & 7n}`)
    }
  }
  return fields
}

function varint(bytes: Uint8Array, start: number): { value: bigint; end: number } {
  let value = 0n
  for (let at = start; at < start + 10; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new DataError('a description in the file ends early')
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start))
    if (byte < 0x80) return { value, end: at + 1 }
  }
  throw new DataError('a number of a description in the file has no end')
}
