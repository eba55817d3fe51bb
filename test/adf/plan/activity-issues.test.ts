import { expect, test } from 'vitest'
import { activityIssues } from './in-memory-factory.ts'
import { activityTypes } from '../../../adf/activity/activity-types.ts'

interface Case {
  readonly title: string
  readonly activities: string
  readonly issues: readonly string[]
}

const cases: readonly Case[] = [
  {
    title: 'names the allowed types of an unknown one, with the nearest',
    activities: `
    - { name: A, type: ForEeach, typeProperties: { items: [] } }`,
    issues: [
      `pipeline/x.yaml:6 activities["A"].type "ForEeach" is not an activity type here; did you mean "ForEach"? activity types are: ${activityTypes.join(', ')}`,
    ],
  },
  {
    title: 'asks for type and name',
    activities: `
    - typeProperties: {}`,
    issues: [
      'pipeline/x.yaml:6 activities[0].name is required: it must be text',
      'pipeline/x.yaml:6 activities[0].type is required: it must be text',
    ],
  },
  {
    title: 'finds two activities of one name, inner ones and other case included',
    activities: `
    - name: Loop
      type: ForEach
      typeProperties:
        items: "@createArray(1)"
        activities:
          - { name: a, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }
    - { name: A, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }`,
    issues: [
      'pipeline/x.yaml:12 activities["A"].name "A" is the name of another activity too, at activities["Loop"].typeProperties.activities["a"]; names are unique in a pipeline, inner activities included',
    ],
  },
  {
    title: 'says which activities a dangling dependency could mean',
    activities: `
    - { name: extract, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }
    - { name: merge, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }
    - name: B
      type: Wait
      dependsOn:
        - { activity: extrat, dependencyConditions: [Succeeded] }
      typeProperties: { waitTimeInSeconds: 1 }`,
    issues: [
      'pipeline/x.yaml:11 activities["B"].dependsOn[0].activity "extrat" is not an activity here; did you mean "extract"? activities are: extract, merge',
    ],
  },
  {
    title: 'refuses a dependency on an activity inside a container',
    activities: `
    - name: If
      type: IfCondition
      typeProperties:
        expression: true
        ifTrueActivities:
          - { name: Inner, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }
    - name: After
      type: Wait
      dependsOn: [{ activity: Inner }]
      typeProperties: { waitTimeInSeconds: 1 }`,
    issues: [
      'pipeline/x.yaml:14 activities["After"].dependsOn[0].activity "Inner" is not an activity here; activities are: If',
    ],
  },
  {
    title: 'prints cycles',
    activities: `
    - { name: a, type: Wait, dependsOn: [{ activity: b }], typeProperties: { waitTimeInSeconds: 1 } }
    - { name: b, type: Wait, dependsOn: [{ activity: c }], typeProperties: { waitTimeInSeconds: 1 } }
    - { name: c, type: Wait, dependsOn: [{ activity: a }], typeProperties: { waitTimeInSeconds: 1 } }
    - { name: self, type: Wait, dependsOn: [{ activity: self }], typeProperties: { waitTimeInSeconds: 1 } }`,
    issues: [
      'pipeline/x.yaml:6 activities["a"].dependsOn waits for itself: a -> b -> c -> a; take one of these dependencies away',
      'pipeline/x.yaml:9 activities["self"].dependsOn waits for itself: self -> self; take one of these dependencies away',
    ],
  },
  {
    title: 'refuses unknown dependency conditions and states',
    activities: `
    - { name: a, type: Wait, state: Off, typeProperties: { waitTimeInSeconds: 1 } }
    - { name: b, type: Wait, dependsOn: [{ activity: a, dependencyConditions: [Success] }], typeProperties: { waitTimeInSeconds: 1 } }`,
    issues: [
      'pipeline/x.yaml:6 activities["a"].state "Off" is not allowed here; values are: Active, Inactive',
      'pipeline/x.yaml:7 activities["b"].dependsOn[0].dependencyConditions[0] "Success" is not allowed here; values are: Succeeded, Failed, Skipped, Completed',
    ],
  },
  {
    title: 'reports properties that are not there, at each level',
    activities: `
    - name: a
      typ: Wait
      type: Wait
      policy: { timout: 0.01:00:00 }
      typeProperties: { waitTimeInSecond: 1, waitTimeInSeconds: 1 }`,
    issues: [
      'pipeline/x.yaml:7 activities["a"].typ is not a property here; did you mean "type"? properties are: name, description, dependsOn, userProperties, state, onInactiveMarkAs, policy, type, typeProperties',
      'pipeline/x.yaml:9 activities["a"].policy.timout is not a property here; did you mean "timeout"? properties are: timeout, retry, retryIntervalInSeconds, secureInput, secureOutput',
      'pipeline/x.yaml:10 activities["a"].typeProperties.waitTimeInSecond is not a property here; did you mean "waitTimeInSeconds"? properties are: waitTimeInSeconds',
    ],
  },
  {
    title: 'reads policies strictly',
    activities: `
    - { name: a, type: ArchiveInbox, policy: { timeout: "25:00:00" }, typeProperties: { manifest: m } }
    - { name: b, type: ArchiveInbox, policy: { retry: -1 }, typeProperties: { manifest: m } }
    - { name: c, type: ArchiveInbox, policy: { retryIntervalInSeconds: 1.5 }, typeProperties: { manifest: m } }
    - { name: d, type: ArchiveInbox, policy: { secureInput: yes }, typeProperties: { manifest: m } }`,
    issues: [
      'pipeline/x.yaml:6 activities["a"].policy.timeout must be a duration: d.hh:mm:ss or hh:mm:ss (0.12:00:00 is 12 hours), or words such as "12 hours"; it is "25:00:00"',
      'pipeline/x.yaml:7 activities["b"].policy.retry must be a whole number of at least 0; it is -1',
      'pipeline/x.yaml:8 activities["c"].policy.retryIntervalInSeconds must be a whole number of at least 0; it is 1.5',
      'pipeline/x.yaml:9 activities["d"].policy.secureInput must be true or false; it is "yes"',
    ],
  },
  {
    title: 'checks typeProperties of work activities, but for what is evaluated',
    activities: `
    - { name: a, type: FindScans, typeProperties: { batch: "@pipeline().parameters.p", chunkSize: many } }
    - { name: b, type: FindScans, typeProperties: { batch: 5, chunkSize: "@pipeline().parameters.q" } }
    - { name: c, type: IngestScans, typeProperties: { manifest: m, chunk: { index: 0, offset: "@item()", size: 3 } } }
    - { name: d, type: Notify, typeProperties: { severity: fatal } }`,
    issues: [
      'pipeline/x.yaml:6 activities["a"].typeProperties.chunkSize must be a whole number from 1 to 10000; it is "many"',
      'pipeline/x.yaml:7 activities["b"].typeProperties.batch must be text; it is 5',
      'pipeline/x.yaml:8 activities["c"].typeProperties.chunk.offset item() cannot be read here; it is there inside ForEach and Filter',
      'pipeline/x.yaml:8 activities["c"].typeProperties.chunk.count is required: it must be a whole number of at least 0',
      'pipeline/x.yaml:8 activities["c"].typeProperties.chunk.size is not a property here; properties are: index, offset, count',
      'pipeline/x.yaml:9 activities["d"].typeProperties.severity "fatal" is not allowed here; values are: info, warning, error',
      'pipeline/x.yaml:9 activities["d"].typeProperties.title is required: it must be text',
    ],
  },
  {
    title: 'takes expressions apart: syntax, functions, arity',
    activities: `
    - { name: a, type: SetVariable, typeProperties: { variableName: v, value: "@concat('a'" } }
    - { name: b, type: SetVariable, typeProperties: { variableName: v, value: "@conkat('a')" } }
    - { name: c, type: SetVariable, typeProperties: { variableName: v, value: "@if(true)" } }
    - { name: d, type: SetVariable, typeProperties: { variableName: v, value: { value: "@{", type: Expression } } }`,
    issues: [
      "pipeline/x.yaml:6 activities[\"a\"].typeProperties.value expected ',' or ')'; the expression ends (at character 12 of @concat('a')",
      "pipeline/x.yaml:7 activities[\"b\"].typeProperties.value there is no function 'conkat'; did you mean concat? (at character 2 of @conkat('a'))",
      'pipeline/x.yaml:8 activities["c"].typeProperties.value if() takes 3 arguments, not 1: if(condition, valueIfTrue, valueIfFalse) (at character 2 of @if(true))',
      'pipeline/x.yaml:9 activities["d"].typeProperties.value.value expected a function, a number, a text in single quotes, true, false or null; the expression ends (at character 3 of @{)',
    ],
  },
  {
    title: 'knows the names that expressions read',
    activities: `
    - { name: a, type: SetVariable, typeProperties: { variableName: v, value: "@pipeline().parameters.pp" } }
    - { name: b, type: SetVariable, typeProperties: { variableName: v, value: "@variables('w')" } }
    - { name: c, type: SetVariable, typeProperties: { variableName: v, value: "@pipeline().globalParameters.g" } }
    - { name: d, type: SetVariable, typeProperties: { variableName: v, value: "@activity('zz').output.x" } }
    - { name: e, type: SetVariable, typeProperties: { variableName: v, value: "@item()" } }
    - { name: f, type: SetVariable, typeProperties: { variableName: v, value: "@trigger().scheduledTime" } }
    - { name: g, type: SetVariable, typeProperties: { variableName: v, value: "@dataset().x" } }
    - { name: h, type: SetVariable, typeProperties: { variableName: v, value: "@pipeline().RunID2" } }`,
    issues: [
      'pipeline/x.yaml:6 activities["a"].typeProperties.value "pp" is not a parameter here; parameters are: p, q',
      'pipeline/x.yaml:7 activities["b"].typeProperties.value "w" is not a variable here; variables are: v, list',
      'pipeline/x.yaml:8 activities["c"].typeProperties.value "g" is not a global parameter here; there are no global parameters',
      'pipeline/x.yaml:9 activities["d"].typeProperties.value "zz" is not an activity here; activities are: a, b, c, d, e, f, g, h',
      'pipeline/x.yaml:10 activities["e"].typeProperties.value item() cannot be read here; it is there inside ForEach and Filter',
      'pipeline/x.yaml:11 activities["f"].typeProperties.value trigger() cannot be read in a pipeline; read it in the trigger\'s parameters and hand it over as a parameter',
      'pipeline/x.yaml:12 activities["g"].typeProperties.value dataset() cannot be read in a pipeline',
      'pipeline/x.yaml:13 activities["h"].typeProperties.value "RunID2" is not a system variable here; did you mean "RunId"? system variables are: DataFactory, Pipeline, RunId, TriggerType, TriggerId, TriggerName, TriggerTime, GroupId, TriggeredByPipelineName, TriggeredByPipelineRunId',
    ],
  },
  {
    title: 'warns of an activity that need not have ended',
    activities: `
    - { name: a, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }
    - { name: b, type: SetVariable, typeProperties: { variableName: v, value: "@activity('a').output.x" } }
    - { name: c, type: SetVariable, dependsOn: [{ activity: b }], typeProperties: { variableName: v, value: "@activity('A').output.x" } }`,
    issues: [
      'warning: pipeline/x.yaml:7 activities["b"].typeProperties.value reads activity "a", which need not have ended by then: add it to dependsOn; nothing has ended by then',
      'warning: pipeline/x.yaml:8 activities["c"].typeProperties.value reads activity "a", which need not have ended by then: add it to dependsOn; ended by then: b',
    ],
  },
  {
    title: 'knows variables, their types, and refuses a variable that reads itself',
    activities: `
    - { name: a, type: SetVariable, typeProperties: { variableName: w, value: 1 } }
    - { name: b, type: SetVariable, typeProperties: { variableName: V, value: "@concat(variables('v'), 'x')" } }
    - { name: c, type: SetVariable, typeProperties: { variableName: list, value: text } }
    - { name: d, type: AppendVariable, typeProperties: { variableName: v, value: 1 } }
    - { name: e, type: SetVariable, typeProperties: { variableName: other, setSystemVariable: true, value: [] } }
    - { name: f, type: SetVariable, typeProperties: { variableName: pipelineReturnValue, setSystemVariable: true, value: [{ key: k, value: { type: Date, content: 1 } }] } }`,
    issues: [
      'pipeline/x.yaml:6 activities["a"].typeProperties.variableName "w" is not a variable here; variables are: v, list',
      'pipeline/x.yaml:7 activities["b"].typeProperties.value reads variable "v", which it sets: ADF refuses this; keep the old value in another variable first',
      'pipeline/x.yaml:8 activities["c"].typeProperties.value is of type Array: it must be a list; it is "text"',
      'pipeline/x.yaml:9 activities["d"].typeProperties.variableName "v" is of type String; only to a variable of type Array can be appended',
      'pipeline/x.yaml:10 activities["e"].typeProperties.variableName "other" cannot be set as a system variable; pipelineReturnValue is the only one',
      'pipeline/x.yaml:11 activities["f"].typeProperties.value[0].value.type "Date" is not allowed here; values are: String, Expression, Array, Boolean, Null, Int, Float, Object',
    ],
  },
  {
    title: 'checks literals of control activities',
    activities: `
    - { name: a, type: ForEach, typeProperties: { items: abc, batchCount: 0, activities: [] } }
    - { name: b, type: IfCondition, typeProperties: { expression: maybe } }
    - { name: c, type: Wait, typeProperties: { waitTimeInSeconds: -1 } }
    - { name: d, type: Switch, typeProperties: { cases: [{ value: 1 }, { value: "1" }] } }
    - { name: e, type: Until, typeProperties: { expression: "@true", timeout: soon, activities: [] } }
    - { name: f, type: Fail, typeProperties: { message: m } }
    - { name: f2, type: Fail, typeProperties: { message: m, errorCode: 404 } }
    - { name: g, type: Filter, typeProperties: { items: "@createArray(1)", condition: "@greater(item(), 0)" } }`,
    issues: [
      'pipeline/x.yaml:6 activities["a"].typeProperties.batchCount must be a whole number from 1 to 1000; it is 0',
      'pipeline/x.yaml:6 activities["a"].typeProperties.activities must hold at least one activity',
      'pipeline/x.yaml:7 activities["b"].typeProperties.expression must be true or false or an expression; it is "maybe"',
      'pipeline/x.yaml:8 activities["c"].typeProperties.waitTimeInSeconds must be a whole number of seconds or an expression; it is -1',
      'pipeline/x.yaml:9 activities["d"].typeProperties needs "on": the value that is compared with the cases',
      'pipeline/x.yaml:9 activities["d"].typeProperties.cases[1].value "1" is the value of another case too; the first one runs',
      'pipeline/x.yaml:10 activities["e"].typeProperties.timeout must be a duration: d.hh:mm:ss or hh:mm:ss (0.12:00:00 is 12 hours), or words such as "12 hours"; it is "soon"',
      'pipeline/x.yaml:10 activities["e"].typeProperties.activities must hold at least one activity',
      'pipeline/x.yaml:11 activities["f"].typeProperties.errorCode is required',
      'warning: pipeline/x.yaml:12 activities["f2"].typeProperties.errorCode is not text: ADF then fails with ErrorCodeNotString; quote it; it is 404',
    ],
  },
  {
    title: 'accepts more iterations at once than ADF, with a warning',
    activities: `
    - name: a
      type: ForEach
      typeProperties:
        items: "@createArray(1)"
        batchCount: "200"
        activities:
          - { name: b, type: Wait, typeProperties: { waitTimeInSeconds: "@item()" } }`,
    issues: [
      'warning: pipeline/x.yaml:10 activities["a"].typeProperties.batchCount 200 works here; ADF allows at most 50',
    ],
  },
  {
    title: 'judges the inside of a container whose own properties are wrong',
    activities: `
    - name: a
      type: ForEach
      typeProperties:
        batchCount: many
        activities:
          - { name: b, type: Wiat, typeProperties: {} }`,
    issues: [
      'pipeline/x.yaml:8 activities["a"].typeProperties.items is required',
      'pipeline/x.yaml:9 activities["a"].typeProperties.batchCount must be a whole number from 1 to 1000; it is "many"',
      `pipeline/x.yaml:11 activities["a"].typeProperties.activities["b"].type "Wiat" is not an activity type here; did you mean "Wait"? activity types are: ${activityTypes.join(', ')}`,
    ],
  },
  {
    title: 'knows pipelines and datasets that are referred to',
    activities: `
    - { name: a, type: ExecutePipeline, typeProperties: { pipeline: { referenceName: xx, type: PipelineReference } } }
    - { name: b, type: ExecutePipeline, typeProperties: { pipeline: { referenceName: "@variables('v')", type: PipelineReference } } }
    - { name: c, type: Validation, typeProperties: { dataset: { referenceName: drop, type: DatasetReference } } }
    - { name: d, type: Validation, typeProperties: { dataset: { referenceName: drop, type: Dataset }, sleep: 0 } }
    - { name: e, type: GetMetadata, typeProperties: { dataset: { referenceName: drop }, fieldList: [exists, make] } }
    - { name: f, type: GetMetadata, typeProperties: { dataset: "@variables('v')", fieldList: [], storeSettings: { modifiedDatetimeStart: "2026-01-01" } } }`,
    issues: [
      'pipeline/x.yaml:6 activities["a"].typeProperties.pipeline.referenceName "xx" is not a pipeline here; pipelines are: x',
      'pipeline/x.yaml:7 activities["b"].typeProperties.pipeline.referenceName "@variables(\'v\')" is not a pipeline here; pipelines are: x',
      'pipeline/x.yaml:8 activities["c"].typeProperties.dataset.referenceName "drop" is not a dataset here; there are no datasets',
      'pipeline/x.yaml:9 activities["d"].typeProperties.dataset.type "Dataset" is not allowed here; values are: DatasetReference',
      'pipeline/x.yaml:9 activities["d"].typeProperties.sleep must be a whole number of at least 1; it is 0',
      'pipeline/x.yaml:10 activities["e"].typeProperties.fieldList[1] "make" is not allowed here; values are: exists, itemName, itemType, size, created, lastModified, childItems, contentMD5, structure, columnCount',
      'pipeline/x.yaml:10 activities["e"].typeProperties.dataset.referenceName "drop" is not a dataset here; there are no datasets',
      'pipeline/x.yaml:11 activities["f"].typeProperties.fieldList must name at least one of: exists, itemName, itemType, size, created, lastModified, childItems, contentMD5, structure, columnCount',
      'pipeline/x.yaml:11 activities["f"].typeProperties.dataset must be a reference: { referenceName, type: DatasetReference }, no text',
    ],
  },
  {
    title: 'judges nothing inside an inactive activity but its name and dependencies',
    activities: `
    - { name: a, type: Copy, state: Inactive, typeProperties: { source: {} } }
    - { name: b, type: Wait, state: inactive, typeProperties: { waitTimeInSeconds: "@nope(" } }
    - { name: c, type: Wait, state: Inactive, dependsOn: [{ activity: z }], typeProperties: { waitTimeInSeconds: 1 } }`,
    issues: [
      'pipeline/x.yaml:8 activities["c"].dependsOn[0].activity "z" is not an activity here; activities are: a, b',
    ],
  },
]

for (const { title, activities, issues } of cases) {
  test(title, () => {
    expect(activityIssues(activities)).toEqual(issues)
  })
}
