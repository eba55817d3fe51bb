import { z } from 'zod'
import { activityTypes, controlActivities, workActivities } from '../activity/activity-types.ts'
import { controlActivity, workActivity } from '../activity/fields.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { datasetProperties } from './dataset.ts'
import { factoryProperties } from './factory.ts'
import { isObject } from './fields.ts'
import { linkedServiceTypes } from './linked-service-types.ts'
import { linkedServiceProperties } from './linked-service.ts'
import { pipelineProperties, resource } from './pipeline.ts'
import { triggerTypes, unusedTriggerTypes } from './trigger.ts'

/**
 * JSON Schema (draft 7) of every resource for editors, from the schemas that validate. Editors see the canonical spelling; reading is
 * more lenient: case of names and enum values, numbers and booleans as text.
 */
export function editorSchemas(): Readonly<Record<string, JsonObject>> {
  return {
    pipeline: titled('Headrace pipeline', {
      ...jsonSchema(resource(pipelineProperties)),
      $defs: pipelineDefinitions(),
    }),
    dataset: titled('Headrace dataset', jsonSchema(resource(datasetProperties))),
    linkedService: titled('Headrace linked service', linkedServiceSchema()),
    trigger: titled('Headrace trigger', triggerSchema()),
    factory: titled('Headrace factory', jsonSchema(factoryProperties)),
  }
}

/** JSON Schema of any zod schema, as an author writes it: what has a default may be absent. */
export function jsonSchema(schema: z.ZodType): JsonObject {
  const generated: JsonValue = JSON.parse(
    JSON.stringify(z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' })),
  )
  if (!isObject(generated)) return {}
  const { $schema: _, ...rest } = generated
  return rest
}

function titled(title: string, schema: JsonObject): JsonObject {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema }
}

function pipelineDefinitions(): JsonObject {
  const work = jsonSchema(workActivity)
  const definitions: JsonObject = {
    expression: {
      description: 'An expression: `@…`, text with `@{…}`, or { value, type: Expression }',
      anyOf: [
        { type: 'string', pattern: '^@|@\\{' },
        {
          type: 'object',
          properties: { value: {}, type: { const: 'Expression' } },
          required: ['value', 'type'],
          additionalProperties: false,
        },
      ],
    },
    activity: {
      type: 'object',
      required: ['name', 'type'],
      properties: { type: { enum: [...activityTypes] } },
      allOf: activityTypes.map((type) => ({
        if: { properties: { type: { const: type } }, required: ['type'] },
        // oxlint-disable-next-line unicorn/no-thenable
        then: { $ref: `#/$defs/${type}` },
      })),
    },
  }
  const fields = isObject(work['properties']) ? work['properties'] : {}
  for (const [name, field] of Object.entries(fields)) definitions[fieldName(name)] = field
  for (const [type, properties] of Object.entries(controlActivities)) {
    definitions[type] = activitySchema(type, jsonSchema(controlActivity), jsonSchema(properties))
  }
  for (const [type, properties] of Object.entries(workActivities)) {
    definitions[type] = activitySchema(type, work, allowExpressions(jsonSchema(properties)))
  }
  return definitions
}

/** What all activities have in common stands once. */
function fieldName(name: string): string {
  return `activity-${name}`
}

function activitySchema(type: string, base: JsonObject, typeProperties: JsonObject): JsonObject {
  const names = Object.keys(isObject(base['properties']) ? base['properties'] : {})
  const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${fieldName(name)}` }]))
  const { description, ...rest } = typeProperties
  const required = Array.isArray(rest['required']) ? ['name', 'type', 'typeProperties'] : ['name', 'type']
  return {
    ...base,
    ...(description === undefined ? {} : { description }),
    required,
    properties: { ...properties, type: { const: type }, typeProperties: rest },
  }
}

/** Lets an expression stand wherever a work activity wants something else than plain text. */
function allowExpressions(schema: JsonObject): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : undefined
  if (properties === undefined) return schema
  const lenient = Object.entries(properties).map(([name, inner]) => {
    if (!isObject(inner)) return [name, inner] as const
    const deeper = allowExpressions(inner)
    const plainText = inner['type'] === 'string' && inner['enum'] === undefined
    if (plainText || Object.keys(inner).length === 0) return [name, deeper] as const
    const { description, default: standard, ...rest } = deeper
    const kept = {
      ...(description === undefined ? {} : { description }),
      ...(standard === undefined ? {} : { default: standard }),
    }
    return [name, { ...kept, anyOf: [rest, { $ref: '#/$defs/expression' }] }] as const
  })
  return { ...schema, properties: Object.fromEntries(lenient) }
}

function linkedServiceSchema(): JsonObject {
  const schema = jsonSchema(resource(linkedServiceProperties))
  return byType(
    schema,
    Object.fromEntries(
      Object.entries(linkedServiceTypes).map(([type, one]) => [type, { typeProperties: jsonSchema(one) }]),
    ),
  )
}

function triggerSchema(): JsonObject {
  const open = resource(z.looseObject({ type: z.string() }))
  const schema = jsonSchema(open)
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const variants = Object.entries(triggerTypes).map(([type, one]) => {
    const { properties: inner, ...rest } = jsonSchema(one)
    return { ...rest, properties: { ...(isObject(inner) ? inner : {}), type: { const: type } } }
  })
  const others = {
    type: 'object',
    properties: { type: { enum: [...unusedTriggerTypes] } },
    required: ['type'],
  }
  return { ...schema, properties: { ...properties, properties: { anyOf: [...variants, others] } } }
}

/** Adds to `properties` of a resource what holds for one value of its `type`. */
function byType(schema: JsonObject, types: Readonly<Record<string, JsonObject>>): JsonObject {
  const outer = isObject(schema['properties']) ? schema['properties'] : {}
  const inner = isObject(outer['properties']) ? outer['properties'] : {}
  const allOf = Object.entries(types).map(([type, properties]) => ({
    if: { properties: { type: { const: type } }, required: ['type'] },
    // oxlint-disable-next-line unicorn/no-thenable
    then: { properties },
  }))
  return { ...schema, properties: { ...outer, properties: { ...inner, allOf } } }
}
