import type { WorkActivityType } from '../activity/activity-types.ts'
import { channelProperties, tableProperties } from '../activity/activity-types.ts'
import type { JsonObject } from '../json.ts'
import { unknownName } from '../resource/near-miss.ts'
import { parseText } from '../text/parse-text.ts'
import type { Path } from '../text/positions.ts'
import { holdsExpression } from './arguments.ts'
import type { FileIssues } from './file-issues.ts'
import type { Factory } from './load-factory.ts'
import { isObject } from '../resource/fields.ts'

/** Reports tables that an activity names and the factory does not have. Names that are evaluated are left to the run. */
export function checkTables(
  type: WorkActivityType,
  properties: JsonObject,
  path: Path,
  factory: Factory,
  issues: FileIssues,
): void {
  const rule = tableProperties[type]
  if (rule === undefined) return
  const value = properties[rule.property]
  const named = Array.isArray(value) ? value : [value]
  named.forEach((table, index) => {
    if (typeof table !== 'string' || holdsExpression(table)) return
    const at = Array.isArray(value) ? [...path, rule.property, index] : [...path, rule.property]
    const file = `table/${table.slice(table.indexOf('.') + 1)}`
    const known = tableNames(factory)
    if (!known.includes(table)) issues.report(at, unknownName(table, 'a table', 'tables', known))
    else
      for (const extension of rule.files) {
        if (!Object.hasOwn(factory.resources, `${file}.${extension}`))
          issues.report(at, `needs ${file}.${extension}, which the factory does not have`)
      }
  })
}

/** Reports notification channels that an activity names and `factory.yaml` does not, where it names any. */
export function checkChannels(
  type: WorkActivityType,
  properties: JsonObject,
  path: Path,
  factory: Factory,
  issues: FileIssues,
): void {
  const property = channelProperties[type]
  const known = Object.keys(factory.properties.notificationChannels)
  const named = property === undefined ? undefined : properties[property]
  if (property === undefined || known.length === 0 || !Array.isArray(named)) return
  named.forEach((channel, index) => {
    if (typeof channel === 'string' && !holdsExpression(channel) && !known.includes(channel))
      issues.report(
        [...path, property, index],
        unknownName(channel, 'a notification channel', 'channels', known),
      )
  })
}

const cache = new WeakMap<Factory, readonly string[]>()

/** `name` of every `table/*.yaml`. */
function tableNames(factory: Factory): readonly string[] {
  const known = cache.get(factory)
  if (known !== undefined) return known
  const names = [...factory.resourceTexts].flatMap(([path, text]) => {
    if (!/^table\/[^/]+\.yaml$/.test(path)) return []
    const { value } = parseText(text)
    const name = isObject(value) ? value['name'] : undefined
    return typeof name === 'string' ? [name] : []
  })
  cache.set(factory, names)
  return names
}
