import { expect, test } from 'vitest'
import { issuesOf } from './in-memory-factory.ts'
import { activityTypes } from '../../../adf/activity/activity-types.ts'

interface Case {
  readonly title: string
  readonly files: Readonly<Record<string, string>>
  readonly issues: readonly string[]
}

const cases: readonly Case[] = [
  {
    title: 'says where a text cannot be read',
    files: {
      'pipeline/a.yaml': 'name: a\nproperties:\n  activities: [1\n',
      'pipeline/b.json': '{\n  "name": "b",\n  "properties": {},\n  "properties": {}\n}',
      'pipeline/c.yaml': '',
      'pipeline/d.yaml': 'name: d\nproperties: {}\n---\nname: e\nproperties: {}\n',
      'pipeline/e.yaml': '- a\n- b\n',
    },
    issues: [
      'pipeline/a.yaml:4 (file) cannot be read: deficient indentation',
      'pipeline/b.json:4 (file) cannot be read: duplicated mapping key, at: "properties": {}',
      'pipeline/c.yaml:1 (file) is empty; a definition is one document',
      'pipeline/d.yaml:1 (file) holds 2 documents; write one definition a file',
      'pipeline/e.yaml:1 (file) must be a map of properties; it is ["a","b"]',
    ],
  },
  {
    title: 'wants properties around what a resource says',
    files: { 'pipeline/a.yaml': 'name: a\nactivities: []\n' },
    issues: [
      'pipeline/a.yaml:1 properties is required: it must be a map of names to values',
      'pipeline/a.yaml:2 activities is not a property here; properties are: $schema, name, properties, type, etag, id',
    ],
  },
  {
    title: 'finds two resources of one name',
    files: {
      'dataset/one.yaml':
        'name: Drop\nproperties: { type: Binary, linkedServiceName: { referenceName: lake } }\n',
      'dataset/drop.yaml': 'properties: { type: Binary, linkedServiceName: { referenceName: lake } }\n',
      'linkedService/lake.yaml': 'properties: { type: AzureBlobFS }\n',
    },
    issues: [
      'dataset/drop.yaml:1 name "drop" is the name of another dataset too: dataset/one.yaml',
      'dataset/one.yaml:1 name "Drop" is the name of another dataset too: dataset/drop.yaml',
    ],
  },
  {
    title: 'checks parameters and variables against their types',
    files: {
      'pipeline/a.yaml': `properties:
  parameters:
    a: { type: Int, defaultValue: many }
    b: { type: Strin }
    c: { type: bool, defaultValue: "TRUE" }
    d: { type: Array, defaultValue: "[1, 2]" }
    D: { type: String }
  variables:
    v: { type: Array, defaultValue: 3 }
    w: { type: Integer, defaultValue: "4" }
  activities: [{ name: a, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }]
`,
    },
    issues: [
      'pipeline/a.yaml:3 parameters.a.defaultValue is of type Int: it must be a whole number; it is "many"',
      'pipeline/a.yaml:4 parameters.b.type "Strin" is not allowed here; did you mean "String"? values are: String, Int, Float, Bool, Array, Object, SecureString',
      'pipeline/a.yaml:7 parameters.D differs from "d" by case only; ADF takes both for one',
      'pipeline/a.yaml:9 variables.v.defaultValue is of type Array: it must be a list; it is 3',
    ],
  },
  {
    title: 'goes on after a wrong property of a pipeline',
    files: {
      'pipeline/a.yaml': `properties:
  concurrency: none
  activties: []
  activities:
    - { name: a, type: Wiat }
`,
    },
    issues: [
      'pipeline/a.yaml:2 concurrency must be a whole number of at least 1; it is "none"',
      'pipeline/a.yaml:3 activties is not a property here; did you mean "activities"? properties are: description, activities, parameters, variables, concurrency, annotations, folder, policy, runDimensions, lastPublishTime',
      `pipeline/a.yaml:5 activities["a"].type "Wiat" is not an activity type here; did you mean "Wait"? activity types are: ${activityTypes.join(', ')}`,
    ],
  },
  {
    title: 'checks what ExecutePipeline gives',
    files: {
      'pipeline/a.yaml': `properties:
  parameters: { given: { type: String }, number: { type: Int }, other: { type: String, defaultValue: x } }
  activities: [{ name: a, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }]
`,
      'pipeline/b.yaml': `properties:
  activities:
    - name: Call
      type: ExecutePipeline
      typeProperties:
        pipeline: { referenceName: A, type: PipelineReference }
        parameters: { Number: seven, othr: 1 }
`,
    },
    issues: [
      'pipeline/b.yaml:7 activities["Call"].typeProperties.parameters.Number is of type Int: it must be a whole number; it is "seven"',
      'warning: pipeline/b.yaml:7 activities["Call"].typeProperties.parameters.othr "othr" is not a parameter of pipeline a here; did you mean "other"? parameters are: given, number, other; it is not handed over',
      'pipeline/b.yaml:7 activities["Call"].typeProperties.parameters does not give parameter "given" of pipeline a, which has no default',
    ],
  },
  {
    title: 'prints pipelines that run each other in a circle',
    files: Object.fromEntries(
      ['a', 'b', 'c'].map((name, index, all) => [
        `pipeline/${name}.yaml`,
        `properties:\n  activities:\n    - { name: Call, type: ExecutePipeline, typeProperties: { pipeline: { referenceName: ${all[(index + 1) % 3]} } } }\n`,
      ]),
    ),
    issues: [
      'pipeline/a.yaml:2 activities pipelines run each other in a circle: a -> b -> c -> a; take one ExecutePipeline away',
    ],
  },
  {
    title: 'keeps expressions of datasets and linked services to their own parameters',
    files: {
      'dataset/drop.yaml': `properties:
  type: Binary
  linkedServiceName: { referenceName: lake, parameters: { account: "@dataset().acount" } }
  parameters: { folder: { type: String } }
  typeProperties:
    location: { folderPath: "@dataset().foldr", fileName: "@pipeline().parameters.x" }
`,
      'linkedService/lake.yaml': `properties:
  type: AzureBlobFS
  parameters: { account: { type: String }, key: { type: String } }
  typeProperties: { url: "https://@{linkedService().acct}.dfs.core.windows.net", uri: x }
`,
    },
    issues: [
      'dataset/drop.yaml:3 linkedServiceName.parameters.account "acount" is not a parameter of the dataset here; parameters are: folder',
      'dataset/drop.yaml:3 linkedServiceName.parameters does not give parameter "key" of linked service lake, which has no default',
      'dataset/drop.yaml:6 typeProperties.location.folderPath "foldr" is not a parameter of the dataset here; did you mean "folder"? parameters are: folder',
      'dataset/drop.yaml:6 typeProperties.location.fileName pipeline().parameters cannot be read in a dataset',
      'linkedService/lake.yaml:4 typeProperties.url "acct" is not a parameter of the linked service here; parameters are: account, key',
      'linkedService/lake.yaml:4 typeProperties.uri is not a property here; did you mean "url"? properties are: url, accountKey, sasUri, sasToken, tenant, servicePrincipalId, servicePrincipalKey, servicePrincipalCredentialType, servicePrincipalCredential, azureCloudType, credential, encryptedCredential',
    ],
  },
  {
    title: 'checks datasets that activities name, with their parameters',
    files: {
      'pipeline/a.yaml': `properties:
  activities:
    - name: Wait for it
      type: Validation
      typeProperties:
        dataset: { referenceName: DROP, type: DatasetReference, parameters: { fldr: inbox } }
`,
      'dataset/drop.yaml': `properties:
  type: Binary
  linkedServiceName: { referenceName: lak, type: LinkedServiceReference }
  parameters: { folder: { type: String } }
`,
      'linkedService/lake.yaml': 'properties: { type: AzureBlobFS }\n',
    },
    issues: [
      'warning: pipeline/a.yaml:6 activities["Wait for it"].typeProperties.dataset.parameters.fldr "fldr" is not a parameter of dataset drop here; parameters are: folder; it is not handed over',
      'pipeline/a.yaml:6 activities["Wait for it"].typeProperties.dataset.parameters does not give parameter "folder" of dataset drop, which has no default',
      'dataset/drop.yaml:3 linkedServiceName.referenceName "lak" is not a linked service here; did you mean "lake"? linked services are: lake',
    ],
  },
  {
    title: 'checks schedules',
    files: {
      'pipeline/a.yaml': `properties:
  parameters: { batch: { type: String } }
  activities: [{ name: a, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }]
`,
      'trigger/t.yaml': `properties:
  type: ScheduleTrigger
  runtimeState: Runing
  pipelines:
    - pipelineReference: { referenceName: b }
    - pipelineReference: { referenceName: a }
      parameters: { batch: "@pipeline().RunId" }
    - pipelineReference: { referenceName: a }
  typeProperties:
    recurrence: { frequency: Day, interval: 0, startTime: soon, timeZone: UTC }
`,
      'trigger/u.yaml': `properties:
  type: scheduletrigger
  pipelines: [{ pipelineReference: { referenceName: a }, parameters: { batch: "@trigger().scheduledTime" } }]
  typeProperties:
    recurrence:
      frequency: Day
      startTime: 2026-01-02T00:00:00Z
      endTime: 2026-01-01T00:00:00Z
      timeZone: W. Europe Standard Time
      schedule: { hours: [24], weekDays: [Mon], monthDays: [0] }
`,
      'trigger/v.yaml': `properties:
  type: ScheduleTrigger
  pipelines: []
  typeProperties: { recurrence: { frequency: Week, schedule: { monthDays: [0, 32], monthlyOccurrences: [{ day: friday, occurrence: 0 }] } } }
`,
    },
    issues: [
      'trigger/t.yaml:3 runtimeState "Runing" is not allowed here; values are: Started, Stopped, Disabled',
      'trigger/t.yaml:5 pipelines[0].pipelineReference.referenceName "b" is not a pipeline here; pipelines are: a',
      "trigger/t.yaml:7 pipelines[1].parameters.batch pipeline() cannot be read in a trigger's parameters",
      'trigger/t.yaml:8 pipelines[2].parameters does not give parameter "batch" of pipeline a, which has no default',
      'trigger/t.yaml:10 typeProperties.recurrence.interval must be a whole number from 1 to 1000; it is 0',
      'trigger/t.yaml:10 typeProperties.recurrence.startTime must be a date and time such as 2026-01-31T06:00:00Z; it is "soon"',
      'warning: trigger/u.yaml:7 typeProperties.recurrence.startTime ends in Z, which makes it UTC whatever timeZone "W. Europe Standard Time" says; take the Z away to mean local time',
      'trigger/u.yaml:8 typeProperties.recurrence.endTime must be after startTime 2026-01-02T00:00:00Z; it is 2026-01-01T00:00:00Z',
      'trigger/u.yaml:10 typeProperties.recurrence.schedule.hours[0] must be a whole number from 0 to 23; it is 24',
      'trigger/u.yaml:10 typeProperties.recurrence.schedule.weekDays[0] "Mon" is not allowed here; values are: Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday',
      'trigger/u.yaml:10 typeProperties.recurrence.schedule.monthDays works only with frequency Month; frequency is Day',
      'trigger/u.yaml:10 typeProperties.recurrence.schedule.monthDays[0] must be 1 to 31, or -1 to -31; it is 0',
      'warning: trigger/v.yaml:3 pipelines is empty: the trigger starts nothing',
      'trigger/v.yaml:4 typeProperties.recurrence.schedule.monthDays[1] must be a whole number from -31 to 31; it is 32',
      'trigger/v.yaml:4 typeProperties.recurrence.schedule.monthlyOccurrences works only with frequency Month; frequency is Week',
      'trigger/v.yaml:4 typeProperties.recurrence.schedule.monthlyOccurrences[0].occurrence must be 1 to 5, or -1 to -5; it is 0',
    ],
  },
  {
    title: 'checks chaining triggers',
    files: {
      'pipeline/a.yaml': `properties:
  runDimensions: { batch: "@pipeline().RunId", bad: "@activity('w').output.x" }
  activities: [{ name: w, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }]
`,
      'trigger/one.yaml': `properties:
  type: ChainingTrigger
  runtimeState: Started
  pipeline: { pipelineReference: { referenceName: a }, parameters: { x: 1 } }
  typeProperties: { dependsOn: [{ referenceName: a }], runDimension: btch }
`,
      'trigger/two.yaml': `properties:
  type: ChainingTrigger
  pipeline: { pipelineReference: { referenceName: a } }
  typeProperties: { dependsOn: [{ referenceName: a }, { referenceName: c }], runDimension: batch }
`,
      'trigger/three.yaml': 'properties: { type: TumblingWindowTrigger }\n',
      'trigger/four.yaml': 'properties: { type: Schedule }\n',
      'trigger/five.yaml': 'properties: {}\n',
    },
    issues: [
      'pipeline/a.yaml:2 runDimensions.bad activity() cannot be read in a run dimension',
      'trigger/five.yaml:1 type is required: one of ScheduleTrigger, ChainingTrigger',
      'trigger/four.yaml:1 type "Schedule" is not a trigger type here; trigger types are: ScheduleTrigger, ChainingTrigger, TumblingWindowTrigger, BlobEventsTrigger, BlobTrigger, CustomEventsTrigger, RerunTumblingWindowTrigger',
      'warning: trigger/one.yaml:4 pipeline.parameters.x "x" is not a parameter of pipeline a here; there are no parameters; it is not handed over',
      'trigger/one.yaml:5 typeProperties.runDimension "btch" is not a run dimension of pipeline a here; did you mean "batch"? run dimensions are: batch, bad',
      'trigger/one.yaml:5 typeProperties.dependsOn starts pipelines in a circle: a -> a; stop one of the triggers',
      'warning: trigger/three.yaml:1 type "TumblingWindowTrigger" is not run yet: this trigger starts nothing; types that run are: ScheduleTrigger, ChainingTrigger',
      'trigger/two.yaml:4 typeProperties.dependsOn must name exactly one pipeline; one trigger for each further one',
    ],
  },
  {
    title: 'checks factory.yaml',
    files: {
      'factory.yaml': `name: f
globalParameters:
  zone: { type: String, value: UTC }
  n: { type: Int, value: x }
  m: { type: Int }
environments:
  dev: { globalParameters: { zon: CET } }
  prod: { globalParameters: { N: y }, linkedService: {} }
notificationChannels:
  ops: { type: pager }
`,
    },
    issues: [
      'factory.yaml:4 globalParameters.n.value is of type Int: it must be a whole number; it is "x"',
      'factory.yaml:5 globalParameters.m.value is required',
      'factory.yaml:7 environments.dev.globalParameters.zon "zon" is not a global parameter here; did you mean "zone"? global parameters are: zone, n',
      'factory.yaml:8 environments.prod.linkedService is not a property here; did you mean "linkedServices"? properties are: description, globalParameters, linkedServices',
      'factory.yaml:8 environments.prod.globalParameters.N is of type Int: it must be a whole number; it is "y"',
      'factory.yaml:10 notificationChannels.ops.type "pager" is not allowed here; values are: console, file, webhook',
    ],
  },
  {
    title: 'knows the notification channels that activities name',
    files: {
      'factory.yaml': 'notificationChannels: { outbox: { type: file } }',
      'pipeline/a.yaml':
        'properties: { activities: [{ name: a, type: Notify, typeProperties: { title: t, channels: [outbox, otbox] } }] }',
    },
    issues: [
      'pipeline/a.yaml:1 activities["a"].typeProperties.channels[1] "otbox" is not a notification channel here; did you mean "outbox"? channels are: outbox',
    ],
  },
  {
    title: 'refuses a name that would change the plan itself',
    files: {
      'pipeline/__proto__.yaml':
        'properties: { activities: [{ name: __proto__, type: Fail, typeProperties: { message: a, errorCode: b } }] }',
    },
    issues: ['pipeline/__proto__.yaml:1 name is "__proto__", which no resource may be called'],
  },
  {
    title: 'knows the tables that activities name',
    files: {
      'pipeline/a.yaml': `properties:
  activities:
    - { name: a, type: BuildTable, typeProperties: { table: silver.dim_devise, batch: b } }
    - { name: b, type: BuildTable, typeProperties: { table: bronze.scans, batch: b } }
    - { name: c, type: LoadWarehouse, typeProperties: { tables: [bronze.scans, "@pipeline().RunId", dim_device], batch: b } }
`,
      'table/dim_device.yaml': 'name: silver.dim_device',
      'table/dim_device.sql': 'SELECT 1',
      'table/scans.yaml': 'name: bronze.scans',
    },
    issues: [
      'pipeline/a.yaml:3 activities["a"].typeProperties.table "silver.dim_devise" is not a table here; did you mean "silver.dim_device"? tables are: silver.dim_device, bronze.scans',
      'pipeline/a.yaml:4 activities["b"].typeProperties.table needs table/scans.sql, which the factory does not have',
      'pipeline/a.yaml:5 activities["c"].typeProperties.tables[2] "dim_device" is not a table here; tables are: silver.dim_device, bronze.scans',
    ],
  },
  {
    title: 'tells an ADF type that does not run yet from one that nobody knows, and a zone from a typo',
    files: {
      'pipeline/a.yaml': 'properties: { activities: [{ name: a, type: hdinsighthive, typeProperties: {} }] }',
      'trigger/t.yaml': `properties:
  type: ScheduleTrigger
  pipelines: [{ pipelineReference: { referenceName: a } }]
  typeProperties: { recurrence: { frequency: Day, timeZone: Europe/Berlinn } }
`,
    },
    issues: [
      `pipeline/a.yaml:1 activities["a"].type "HDInsightHive" is a type of ADF that does not run here yet; make the activity Inactive, or use one of: ${activityTypes.join(', ')}`,
      'trigger/t.yaml:4 typeProperties.recurrence.timeZone "Europe/Berlinn" is not a time zone; write a Windows name (W. Europe Standard Time) or an IANA name (Europe/Berlin)',
    ],
  },
]

for (const { title, files, issues } of cases) {
  test(title, () => {
    expect(issuesOf(files)).toEqual(issues)
  })
}
