import { describe, expect, test } from 'vitest'
import { checkFactory } from '../../../adf/check/check-factory.ts'
import { factoryOf, issuesOf, planOf } from './in-memory-factory.ts'

const table = { 'table/dim.yaml': 'name: silver.dim\n', 'table/dim.sql': 'SELECT 1' }
const factory = {
  ...table,
  'factory.yaml': `activityMappings:
  dataFlows:
    Load dim: { activity: buildTable, typeProperties: { table: silver.dim, batch: $baseParameters.batch } }
  notebooks:
    /etl/dim:
      activity: WebActivity
      typeProperties: { method: POST, url: "https://x.example", body: { given: [$baseParameters.Rows], n: 1 } }
`,
  'pipeline/x.yaml': `properties:
  parameters: { batch: { type: String } }
  activities:
    - name: flow
      type: ExecuteDataFlow
      policy: { retry: 3 }
      typeProperties:
        dataflow: { referenceName: load DIM, type: DataFlowReference, parameters: { batch: "@pipeline().parameters.batch" } }
        compute: { coreCount: 8 }
    - name: each
      type: ForEach
      dependsOn: [{ activity: flow }]
      typeProperties:
        items: "@createArray(1)"
        activities:
          - name: book
            type: DatabricksNotebook
            linkedServiceName: { referenceName: workspace }
            typeProperties: { notebookPath: /etl/dim, baseParameters: { rows: "@item()" } }
`,
}

describe('what factory.yaml maps', () => {
  test('is planned in the place of data flows and notebooks, with their parameters', () => {
    const { plan, issues } = planOf(factory)
    expect(issues).toEqual([])
    const [flow, each] = plan?.pipelines['x']?.activities ?? []
    expect(flow).toMatchObject({
      name: 'flow',
      type: 'BuildTable',
      policy: { retry: 3 },
      typeProperties: { table: 'silver.dim', batch: '@pipeline().parameters.batch' },
    })
    expect(each).toMatchObject({
      activities: [
        {
          name: 'book',
          type: 'WebActivity',
          linkedService: null,
          typeProperties: { body: { given: ['@item()'], n: 1 } },
        },
      ],
    })
  })

  test('is judged in their place', () => {
    expect(checkFactory(factoryOf(factory)).pipelines).toMatchObject([
      { name: 'x', grade: 'Ready', activities: 3, findings: [] },
    ])
  })

  test('is told where a parameter is not given, or the activity cannot take the place', () => {
    const text = (mapping: string) => ({
      ...table,
      'factory.yaml': `activityMappings: { dataFlows: { f: ${mapping} } }`,
      'pipeline/x.yaml':
        'properties: { activities: [{ name: a, type: ExecuteDataFlow, typeProperties: { dataFlow: { referenceName: f } } }] }',
    })
    expect(
      issuesOf(
        text('{ activity: BuildTable, typeProperties: { table: silver.dim, batch: $baseParameters.b } }'),
      ),
    ).toEqual([
      'pipeline/x.yaml:1 activities["a"].typeProperties gives no parameter "b", which activityMappings of factory.yaml hands on for data flow "f"',
    ])
    expect(issuesOf(text('{ activity: ForEach }'))[0]).toContain(
      'factory.yaml:1 activityMappings.dataFlows.f.activity "ForEach" is not an activity type that can take its place here',
    )
  })

  test('is what an unmapped data flow needs, and the message says so by its name', () => {
    const files = { 'pipeline/x.yaml': factory['pipeline/x.yaml'].replace('/etl/dim', '/etl/other') }
    const [pipeline] = checkFactory(factoryOf(files)).pipelines
    expect(pipeline?.grade).toBe('Unsupported')
    expect(pipeline?.findings.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'ExecuteDataFlow of data flow "load DIM" does not run here; name an activity that takes its place in factory.yaml: activityMappings.dataFlows',
      ]),
    )
  })
})
