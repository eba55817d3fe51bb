import type { JsonValue } from '../json.ts'
import type { Path } from './positions.ts'

const identifier = /^[A-Za-z_$][\w$]*$/

/**
 * A path as people read it: `activities["B"].dependsOn[0].activity`. Items that have a name are shown by it; the outermost
 * `properties`, which every resource has, is left out.
 */
export function formatPlace(root: JsonValue | undefined, path: Path): string {
  let text = ''
  let value: JsonValue | undefined = root
  path.forEach((part, index) => {
    const inner = step(value, part)
    if (typeof part === 'number') text += `[${nameOf(inner) ?? part}]`
    else if (!(index === 0 && part === 'properties' && path.length > 1)) {
      if (identifier.test(part)) text += text === '' ? part : `.${part}`
      else text += `[${JSON.stringify(part)}]`
    }
    value = inner
  })
  return text === '' ? '(file)' : text
}

function step(value: JsonValue | undefined, part: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return typeof part === 'number' ? value[part] : undefined
  if (typeof value !== 'object' || value === null) return undefined
  const name = String(part)
  if (Object.hasOwn(value, name)) return value[name]
  const other = Object.keys(value).find((key) => key.toLowerCase() === name.toLowerCase())
  return other === undefined ? undefined : value[other]
}

function nameOf(value: JsonValue | undefined): string | null {
  const name = step(value, 'name')
  return typeof name === 'string' ? JSON.stringify(name) : null
}
