import { z } from 'zod'

/** An object that names what it allows when it is given something else; one line a key. */
function record<T extends z.ZodRawShape>(shape: T) {
  const allowed = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `"${key}" is not a property here; allowed are ${allowed}`).join('\n')
        : undefined,
  })
}

const unit = z.enum(['mm', 'mm²', 'mm2', 'mm³', 'mm3', 'µm', 'μm', 'um', 'deg', 'count'])

const result = record({
  name: z.string().min(1).describe("Key of the routine's result, in any case"),
  unit: unit.describe(
    'Values in another unit of the same kind are converted; bare numbers are taken to be in it',
  ),
  tolerance_min: z.number().optional().describe('Inclusive, in the unit'),
  tolerance_max: z.number().optional().describe('Inclusive, in the unit'),
  nominal: z.string().optional().describe("Name of the routine's own parameter that gives the nominal value"),
  lower: z.number().optional().describe('Allowed below the nominal value, with its sign'),
  upper: z.number().optional().describe('Allowed above the nominal value'),
})

/** `routine_schemas.yaml`: which routine results are measurements, with units and tolerances. `docs/add-a-routine.md` explains it. */
export const routineSchemas = record({
  version: z.literal(1),
  gels: record({
    max_uses: z.int().positive().describe("More uses lower a measurement's confidence"),
  }),
  routines: z.array(
    record({
      type: z.string().min(1).describe('`type` in scancontext.yaml'),
      name: z.string().min(1),
      description: z.string().optional(),
      is_active: z.boolean().default(true),
      results: z.array(result),
    }),
  ),
})
