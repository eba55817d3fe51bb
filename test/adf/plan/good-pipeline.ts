/** One pipeline with an activity of every type, and all that it needs. */
export const goodFactory: Readonly<Record<string, string>> = {
  'factory.yaml': `name: everything
globalParameters:
  zone: { type: String, value: UTC }
environments:
  dev: {}
  prod:
    globalParameters: { zone: CET }
    linkedServices: { Lake: { url: https://prod.dfs.core.windows.net } }
`,
  'pipeline/x.yaml': `name: x
properties:
  parameters:
    batch: { type: string }
    days: { type: Int, defaultValue: "3" }
  variables:
    list: { type: Array }
    ready: { type: Boolean }
    text: { type: String, defaultValue: none }
  concurrency: "2"
  annotations: [daily, 7]
  runDimensions: { batch: "@pipeline().parameters.batch" }
  activities:
    - name: Wait for drop
      type: validation
      typeProperties:
        dataset: { referenceName: Drop, type: DatasetReference, parameters: { Folder: inbox } }
        timeout: 2 hours
        sleep: 5
        childItems: "true"
    - name: Find
      type: FindScans
      dependsOn: [{ activity: wait for drop, dependencyConditions: [succeeded] }]
      policy: { timeout: 0.01:00:00, retry: "2", retryIntervalInSeconds: 60, secureOutput: "true" }
      userProperties: [{ name: batch, value: "@pipeline().parameters.batch" }]
      typeProperties: { Batch: "@pipeline().parameters.batch" }
    - name: Each chunk
      type: ForEach
      dependsOn: [{ activity: Find, dependencyConditions: [Succeeded] }]
      typeProperties:
        isSequential: "true"
        items: { value: "@activity('Find').output.chunks", type: Expression }
        activities:
          - { name: Scans, type: IngestScans, typeProperties: { manifest: m, chunk: "@item()" } }
          - { name: Images, type: IngestImages, dependsOn: [{ activity: Scans }], typeProperties: { manifest: m, chunk: "@item()" } }
          - { name: Remember, type: AppendVariable, typeProperties: { variableName: LIST, value: "@item().index" } }
    - name: Decide
      type: IfCondition
      dependsOn: [{ activity: Each chunk, dependencyConditions: [Completed] }]
      typeProperties:
        expression: "@greater(length(variables('list')), 0)"
        ifTrueActivities:
          - { name: Say so, type: SetVariable, typeProperties: { variableName: text, value: "@{length(variables('list'))} done" } }
        ifFalseActivities:
          - { name: Stop, type: Fail, typeProperties: { message: nothing there, errorCode: "404" } }
    - name: Choose
      type: Switch
      dependsOn: [{ activity: Decide }]
      typeProperties:
        "on": "@pipeline().globalParameters.zone"
        cases:
          - { value: UTC, activities: [{ name: Pause, type: Wait, typeProperties: { waitTimeInSeconds: "1" } }] }
        defaultActivities:
          - { name: Pause longer, type: Wait, typeProperties: { waitTimeInSeconds: "@pipeline().parameters.days" } }
    - name: Until ready
      type: Until
      dependsOn: [{ activity: Choose }]
      typeProperties:
        expression: "@activity('Look').output.ready"
        activities:
          - { name: Look, type: BuildTable, typeProperties: { table: silver.t, batch: b, parameters: { at: "@utcNow()" } } }
    - name: Keep
      type: Filter
      dependsOn: [{ activity: Until ready }]
      typeProperties: { items: "@variables('list')", condition: "@greater(item(), 1)" }
    - name: Call
      type: ExecutePipeline
      dependsOn: [{ activity: Keep }]
      typeProperties:
        pipeline: { referenceName: Y, type: PipelineReference }
        parameters: { Batch: "@pipeline().parameters.batch", count: "12" }
    - { name: Calibrations, type: IngestCalibrations, typeProperties: { manifest: m } }
    - { name: Validate, type: ValidateBronze, typeProperties: { manifest: m } }
    - { name: Archive, type: ArchiveInbox, typeProperties: { manifest: m } }
    - { name: Quality, type: CheckQuality, typeProperties: { tables: "@variables('list')", batch: b, processedAt: "@pipeline().TriggerTime" } }
    - { name: Train, type: BuildTrainingDataset, typeProperties: { batch: b, processedAt: now } }
    - name: Load
      type: LoadWarehouse
      inputs: [{ referenceName: drop, type: DatasetReference, parameters: { folder: "@variables('text')" } }]
      linkedServiceName: { referenceName: LAKE, type: LinkedServiceReference }
      typeProperties: { tables: [silver.t], batch: b }
    - name: Ask
      type: GetMetadata
      typeProperties:
        fieldList: [EXISTS, childItems]
        dataset: { referenceName: DROP, parameters: { Folder: "@variables('text')" } }
        storeSettings: { type: AzureBlobFSReadSettings, recursive: true }
    - name: Copy files
      type: Copy
      inputs: [{ referenceName: drop, type: DatasetReference, parameters: { folder: "@variables('text')" } }]
      outputs: [{ referenceName: drop, type: DatasetReference, parameters: { folder: out } }]
      typeProperties:
        source: { type: binarySource, storeSettings: { type: AzureBlobFSReadSettings, recursive: "@variables('ready')" } }
        sink: { type: BinarySink }
    - { name: Clean, type: Delete, typeProperties: { dataset: { referenceName: drop, parameters: { folder: old } }, storeSettings: { recursive: true } } }
    - { name: Look up rows, type: Lookup, typeProperties: { dataset: { referenceName: drop, parameters: { folder: in } }, source: { type: JsonSource }, firstRowOnly: "@variables('ready')" } }
    - name: Sql
      type: Script
      linkedServiceName: { referenceName: lake, type: LinkedServiceReference }
      typeProperties: { scripts: [{ type: nonQuery, text: "@concat('DELETE FROM ', variables('text'))", parameters: [{ name: a, type: Int32, value: "@pipeline().parameters.batch" }] }] }
    - name: Call procedure
      type: SqlServerStoredProcedure
      linkedServiceName: { referenceName: lake, type: LinkedServiceReference }
      typeProperties: { storedProcedureName: dbo.load, storedProcedureParameters: { batch: { value: "@pipeline().parameters.batch", type: String } } }
    - name: Web
      type: WebActivity
      policy: { secureInput: true }
      typeProperties:
        method: get
        url: "@concat('https://example.org/', pipeline().parameters.batch)"
        headers: { X-Batch: "@pipeline().parameters.batch" }
        httpRequestTimeout: 00:05:00
        linkedServices: [{ referenceName: LAKE, type: LinkedServiceReference }]
    - name: Hook
      type: WebHook
      typeProperties: { url: https://example.org/start, body: { a: 1 }, timeout: 00:05:00 }
    - name: Function
      type: AzureFunctionActivity
      linkedServiceName: { referenceName: Lake, type: LinkedServiceReference }
      typeProperties: { method: POST, functionName: f, body: { batch: "@pipeline().parameters.batch" } }
    - name: Notebook
      type: DatabricksNotebook
      linkedServiceName: { referenceName: Lake, type: LinkedServiceReference }
      typeProperties: { notebookPath: /Shared/n, baseParameters: { batch: "@pipeline().parameters.batch" } }
    - name: Jar
      type: DatabricksSparkJar
      linkedServiceName: { referenceName: Lake, type: LinkedServiceReference }
      typeProperties: { mainClassName: a.B, parameters: [x], libraries: [{ jar: dbfs:/a.jar }] }
    - name: Python
      type: DatabricksSparkPython
      linkedServiceName: { referenceName: Lake, type: LinkedServiceReference }
      typeProperties: { pythonFile: dbfs:/a.py }
    - name: Job
      type: DatabricksJob
      linkedServiceName: { referenceName: Lake, type: LinkedServiceReference }
      typeProperties: { jobId: 7 }
    - { name: Tell, type: Notify, state: Inactive, onInactiveMarkAs: Skipped, typeProperties: { title: done } }
    - name: Return
      type: SetVariable
      dependsOn: [{ activity: Call }]
      policy: { secureInput: true }
      typeProperties:
        variableName: pipelineReturnValue
        setSystemVariable: true
        value: [{ key: count, value: { type: int, content: 3 } }, { key: text, value: { type: Expression, content: "@variables('text')" } }]
`,
  'pipeline/y.json': JSON.stringify({
    name: 'y',
    properties: {
      parameters: { batch: { type: 'String' }, count: { type: 'Int' } },
      activities: [{ name: 'w', type: 'Wait', typeProperties: { waitTimeInSeconds: 0 } }],
    },
    type: 'Microsoft.DataFactory/factories/pipelines',
    etag: 'abc',
  }),
  'pipeline/z.yaml':
    'properties: { parameters: { batch: { type: String } }, activities: [{ name: w, type: Wait, typeProperties: { waitTimeInSeconds: 0 } }] }\n',
  'pipeline/unreachable.yaml': 'properties: { activities: [{ name: a, type: Nope }] }\n',
  'trigger/then.yaml': `properties:
  type: ChainingTrigger
  runtimeState: started
  pipeline: { pipelineReference: { referenceName: z }, parameters: { batch: "@trigger().runDimensions.batch" } }
  typeProperties: { dependsOn: [{ referenceName: X, type: PipelineReference }], runDimension: batch }
`,
  'dataset/drop.yaml': `properties:
  type: Binary
  linkedServiceName: { referenceName: lake, type: LinkedServiceReference }
  parameters: { folder: { type: String } }
  typeProperties: { location: { type: AzureBlobFSLocation, folderPath: { value: "@dataset().folder", type: Expression } } }
`,
  'linkedService/lake.yaml':
    'properties: { type: AzureBlobFS, typeProperties: { URL: https://dev.dfs.core.windows.net } }\n',
  'table/t.yaml': 'name: silver.t\n',
  'table/t.sql': 'SELECT 1\n',
}
