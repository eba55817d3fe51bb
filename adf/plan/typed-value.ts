import type { JsonValue } from '../json.ts'
import { isObject, show } from '../resource/fields.ts'
import type { ParameterType, VariableType } from './plan.ts'

type Typed = { readonly value: JsonValue } | { readonly problem: string }

/** A literal as a parameter's or variable's type wants it. ADF's files often hold numbers, booleans and arrays as text. */
export function typedValue(type: ParameterType | VariableType, value: JsonValue): Typed {
  switch (type) {
    case 'String':
    case 'SecureString':
      if (typeof value === 'string') return { value }
      if (typeof value === 'number' || typeof value === 'boolean') return { value: String(value) }
      if (value === null) return { value }
      if (type === 'SecureString' && isObject(value)) return { value }
      return wrong(type, value, 'text')
    case 'Int':
    case 'Integer': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      return Number.isSafeInteger(number) ? { value: number } : wrong(type, value, 'a whole number')
    }
    case 'Float': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      return typeof number === 'number' && Number.isFinite(number)
        ? { value: number }
        : wrong(type, value, 'a number')
    }
    case 'Bool':
      if (typeof value === 'boolean') return { value }
      if (typeof value === 'string' && /^(true|false)$/i.test(value))
        return { value: value.toLowerCase() === 'true' }
      return wrong(type, value, 'true or false')
    case 'Array': {
      const array = fromJson(value)
      return Array.isArray(array) ? { value: array } : wrong(type, value, 'a list')
    }
    case 'Object': {
      const object = fromJson(value)
      return isObject(object) || Array.isArray(object) ? { value: object } : wrong(type, value, 'a map')
    }
  }
}

function wrong(type: string, value: JsonValue, wanted: string): Typed {
  return { problem: `is of type ${type}: it must be ${wanted}; it is ${show(value)}` }
}

function fromJson(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value
  try {
    const parsed: JsonValue = JSON.parse(value)
    return parsed
  } catch {
    return value
  }
}
