import { describe, expect, test } from 'vitest'
import { checkFactory } from '../../../adf/check/check-factory.ts'
import { factoryOf, pipelineText, planOf } from '../plan/in-memory-factory.ts'
import { goodFactory } from '../plan/good-pipeline.ts'

type Files = Readonly<Record<string, string>>

function gradesOf(files: Files): Record<string, string> {
  return Object.fromEntries(checkFactory(factoryOf(files)).pipelines.map(({ name, grade }) => [name, grade]))
}

/** Findings of a pipeline as the command line prints them. */
function findingsOf(files: Files, pipeline = 'x'): string[] {
  const found = checkFactory(factoryOf(files)).pipelines.find(({ name }) => name === pipeline)
  return (found?.findings ?? []).map(
    ({ level, id, file, line, place, message }) => `${level} ${id} ${file}:${line} ${place} ${message}`,
  )
}

const wait = '{ name: w, type: Wait, typeProperties: { waitTimeInSeconds: 1 } }'
const calling = (name: string) =>
  `properties: { activities: [{ name: c, type: ExecutePipeline, typeProperties: { pipeline: { referenceName: ${name} } } }] }`

describe('grades', () => {
  test('follow what a pipeline says and what it runs, circles included', () => {
    expect(
      gradesOf({
        'pipeline/ready.yaml': `properties: { activities: [${wait}] }`,
        'pipeline/review.yaml': `properties: { concurrency: 4, activities: [${wait}] }`,
        'pipeline/copies.yaml': 'properties: { activities: [{ name: c, type: hdinsightPig }] }',
        'pipeline/calls-ready.yaml': calling('ready'),
        'pipeline/calls-review.yaml': calling('review'),
        'pipeline/a-calls-caller.yaml': calling('calls-copies'),
        'pipeline/calls-copies.yaml': calling('copies'),
      }),
    ).toEqual({
      ready: 'Ready',
      review: 'Needs review',
      copies: 'Unsupported',
      'calls-ready': 'Ready',
      'calls-review': 'Needs review',
      'calls-copies': 'Unsupported',
      'a-calls-caller': 'Unsupported',
    })
    expect(
      findingsOf({
        'pipeline/x.yaml': calling('y'),
        'pipeline/y.yaml': 'properties: { activities: [{ name: c, type: HDInsightPig }] }',
      }),
    ).toEqual([
      'unsupported called-pipeline pipeline/x.yaml:1 activities["c"].typeProperties.pipeline runs "y", which is unsupported',
    ])
  })

  test('of the pipeline with every activity type tell only what is not done', () => {
    expect(findingsOf(goodFactory).filter((one) => !one.startsWith('note'))).toEqual([
      expect.stringContaining('review concurrency pipeline/x.yaml:10 concurrency "2" is not kept'),
      expect.stringContaining('review failed-iterations-hidden'),
      expect.stringContaining('review stand-in linkedService/lake.yaml:1 typeProperties.url is not reached'),
    ])
  })
})

describe('only what can be started is not Unsupported', () => {
  const base = { 'pipeline/x.yaml': `properties: { activities: [${wait}] }` }
  const chain = (rest: string) => `properties: { type: ChainingTrigger, runtimeState: Started, ${rest} }`
  const factories: readonly [title: string, files: Files][] = [
    ['the factory of every activity type', goodFactory],
    [
      'a global parameter of a wrong type',
      { ...base, 'factory.yaml': 'globalParameters: { n: { type: Int, value: x } }' },
    ],
    ['a chaining trigger that cannot be read', { ...base, 'trigger/t.yaml': chain('typeProperties: {}') }],
    [
      'a trigger that starts a broken pipeline afterwards',
      {
        'pipeline/x.yaml': `properties: { runDimensions: { d: x }, activities: [${wait}] }`,
        'pipeline/broken.yaml': 'properties: { activities: [{ name: a, type: HDInsightPig }] }',
        'trigger/t.yaml': chain(
          'pipeline: { pipelineReference: { referenceName: broken } }, typeProperties: { dependsOn: [{ referenceName: x }], runDimension: d }',
        ),
      },
    ],
    ['a circle of calls', { 'pipeline/x.yaml': calling('y'), 'pipeline/y.yaml': calling('x') }],
    [
      'an Inactive activity of an unknown type',
      { 'pipeline/x.yaml': 'properties: { activities: [{ name: a, type: Nope, state: Inactive }] }' },
    ],
  ]
  test.each(factories)('%s', (_title, files) => {
    for (const [name, grade] of Object.entries(gradesOf(files)))
      expect([name, grade === 'Unsupported']).toEqual([name, planOf(files, name).plan === null])
  })
})

interface Case {
  readonly title: string
  readonly files: Files
  readonly findings: readonly string[]
}

const lake = `properties: { type: AzureBlobStorage, connectVia: { referenceName: ir, type: IntegrationRuntimeReference }, typeProperties: { encryptedCredential: x } }`
const cases: readonly Case[] = [
  {
    title: 'types that ADF has, types that nobody has, in branches too',
    files: {
      'pipeline/x.yaml': pipelineText(`
    - { name: a, type: hdinsighthive, typeProperties: { scriptPath: "@pipeline().parameters.p" } }
    - name: i
      type: IfCondition
      typeProperties:
        expression: "@equals(pipeline().parameters.q, 1)"
        ifTrueActivities: [{ name: b, type: Teleport }]
    - { name: off, type: HDInsightHive, state: Inactive }
    - { name: s, type: SetVariable, typeProperties: { variableName: v, value: x } }
    - { name: t, type: AppendVariable, typeProperties: { variableName: list, value: x } }`),
    },
    findings: [
      'unsupported activity-type pipeline/x.yaml:6 activities["a"].type hdinsighthive is an activity type of ADF that does not run here',
      'unsupported activity-type pipeline/x.yaml:11 activities["i"].typeProperties.ifTrueActivities["b"].type Teleport is no activity type that is known here',
      'note inactive pipeline/x.yaml:12 activities["off"].state "off" is Inactive, as in ADF: it never runs, and nothing inside it was judged',
    ],
  },
  {
    title: 'properties of a pipeline that are read and not done; empty ones of the editor say nothing',
    files: {
      'pipeline/x.yaml': `properties:
  concurrency: 1
  annotations: [daily]
  parameters: { key: { type: SecureString } }
  policy:
    elapsedTimeMetric: { duration: 0.00:10:00 }
    cancelAfter: {}
  activities: [{ name: f, type: Fail, policy: { retry: 2 }, typeProperties: { message: "@pipeline().parameters.key", errorCode: "1" } }]
`,
    },
    findings: [
      'review concurrency pipeline/x.yaml:2 concurrency 1 is kept between the runs of one schedule only: runs that are started otherwise run beside them',
      'note annotations pipeline/x.yaml:3 annotations are kept in the plan; runs cannot be filtered by them',
      'review secure-parameter pipeline/x.yaml:4 parameters.key.type SecureString is not hidden: the value of "key" is readable in the run\'s history',
      'review elapsed-time-metric pipeline/x.yaml:6 policy.elapsedTimeMetric is not measured: no metric tells that a run takes too long',
      'note control-policy pipeline/x.yaml:8 activities["f"].policy.retry has no effect on Fail, nor has it in ADF',
    ],
  },
  {
    title: 'unknown properties are errors of the definition',
    files: { 'pipeline/x.yaml': `properties: { retries: 3, activities: [${wait}] }` },
    findings: [
      expect.stringContaining(
        'unsupported definition-error pipeline/x.yaml:1 retries is not a property here',
      ),
    ],
  },
  {
    title: 'datasets and linked services that the pipeline uses',
    files: {
      'pipeline/x.yaml':
        'properties: { activities: [{ name: v, type: Validation, typeProperties: { dataset: { referenceName: t } } }] }',
      'dataset/t.yaml':
        'properties: { type: OracleTable, linkedServiceName: { referenceName: lake }, schema: [{ name: a }], typeProperties: { table: t } }',
      'linkedService/lake.yaml': lake,
    },
    findings: [
      expect.stringContaining('unsupported dataset-type dataset/t.yaml:1 type "OracleTable" is no dataset'),
      expect.stringContaining('note dataset-schema dataset/t.yaml:1 schema'),
      expect.stringContaining('note integration-runtime linkedService/lake.yaml:1 connectVia'),
      expect.stringContaining(
        'review encrypted-credential linkedService/lake.yaml:1 typeProperties.encryptedCredential',
      ),
    ],
  },
  {
    title: 'properties of Copy, datasets and linked services that nothing here uses',
    files: {
      'pipeline/x.yaml': `properties:
  activities:
    - name: c
      type: Copy
      inputs: [{ referenceName: in }]
      outputs: [{ referenceName: out }]
      typeProperties:
        source:
          type: DelimitedTextSource
          storeSettings: { type: AzureBlobStorageReadSettings, recursive: true, teleport: fast, maxConcurrentConnections: 4 }
        sink:
          type: ParquetSink
          formatSettings: { type: ParquetWriteSettings, rowGroups: 3, other: false }
        enableStaging: true
        preserve: [ACL]
        preserveRules: []
`,
      'dataset/in.yaml': `properties:
  type: DelimitedText
  linkedServiceName: { referenceName: share }
  typeProperties:
    location: { type: AzureFileStorageLocation, folderPath: a, version: 3 }
    commentCharacter: "#"
`,
      'dataset/out.yaml': `properties:
  type: Parquet
  linkedServiceName: { referenceName: oracle }
  typeProperties: { location: { folderPath: b } }
`,
      'linkedService/share.yaml': `properties:
  type: AzureFileStorage
  typeProperties:
    connectionString: { type: AzureKeyVaultSecret, store: { referenceName: kv }, secretName: my-share, secretVersion: "1" }
    mount: x
`,
      'linkedService/oracle.yaml': 'properties: { type: Oracle }',
    },
    findings: [
      'review unused-property pipeline/x.yaml:10 activities["c"].typeProperties.source.storeSettings.teleport is not used here: what it asks for is not done',
      'note unused-property pipeline/x.yaml:10 activities["c"].typeProperties.source.storeSettings.maxConcurrentConnections is not used: it bears on speed and tries only',
      'review unused-property pipeline/x.yaml:13 activities["c"].typeProperties.sink.formatSettings.rowGroups is not used here: what it asks for is not done',
      'note unused-property pipeline/x.yaml:13 activities["c"].typeProperties.sink.formatSettings.other is not used here: what it asks for is not done',
      'note unused-property pipeline/x.yaml:14 activities["c"].typeProperties.enableStaging has no effect: rows go straight from source to sink',
      'review unused-property pipeline/x.yaml:15 activities["c"].typeProperties.preserve not done: ACLs and attributes are not kept',
      'review unused-property dataset/in.yaml:5 typeProperties.location.version is not used here: what it asks for is not done',
      'review unused-property dataset/in.yaml:6 typeProperties.commentCharacter is not used here: what it asks for is not done',
      'review stand-in linkedService/share.yaml:4 typeProperties.connectionString is not reached: a folder of this installation stands in for the account, stores/<linked service> in the home',
      'note key-vault linkedService/share.yaml:4 typeProperties.connectionString is read from the file secrets/kv/my-share in the home, else from the variable HEADRACE_SECRET_MY_SHARE',
      'unsupported secret-version linkedService/share.yaml:4 typeProperties.connectionString.secretVersion cannot be asked for: secrets of this machine have no versions; leave it out',
      'review unused-property linkedService/share.yaml:5 typeProperties.mount is not used here: what it asks for is not done',
      expect.stringContaining(
        'unsupported linked-service-type linkedService/oracle.yaml:1 type "Oracle" is no linked service',
      ),
    ],
  },
  {
    title: 'a Lookup whose source does not run, and what its source asks for and is not done',
    files: {
      'pipeline/x.yaml': `properties:
  activities:
    - { name: l, type: Lookup, typeProperties: { source: { type: OracleSource }, dataset: { referenceName: d } } }
    - { name: m, type: Lookup, typeProperties: { source: { type: SqlServerSource, hints: x }, dataset: { referenceName: d } } }
`,
      'dataset/d.yaml':
        'properties: { type: SqlServerTable, linkedServiceName: { referenceName: s }, typeProperties: { table: t } }',
      'linkedService/s.yaml': 'properties: { type: SqlServer, typeProperties: { server: s, database: d } }',
    },
    findings: [
      expect.stringContaining(
        'unsupported source-type pipeline/x.yaml:3 activities["l"].typeProperties.source.type "OracleSource" is no source that runs here; sources are: ',
      ),
      'review unused-property pipeline/x.yaml:4 activities["m"].typeProperties.source.hints is not used here: what it asks for is not done',
      'review stand-in linkedService/s.yaml:1 typeProperties.server is not reached: a SQLite file of this installation stands in for the database, stores/<linked service>/<database>.db in the home',
    ],
  },
  {
    title: 'identities that only Azure has, unless every environment gives something else',
    files: {
      'factory.yaml': 'environments: { dev: { linkedServices: { api: { authenticationType: Anonymous } } } }',
      'pipeline/x.yaml': `properties:
  activities:
    - { name: w, type: WebActivity, typeProperties: { method: GET, url: "https://x.example", authentication: { type: MSI, resource: r } } }
    - { name: g, type: GetMetadata, typeProperties: { fieldList: [exists], dataset: { referenceName: d } } }
    - { name: f, type: AzureFunctionActivity, linkedServiceName: { referenceName: fn }, typeProperties: { method: GET, functionName: n } }
`,
      'dataset/d.yaml':
        'properties: { type: Binary, linkedServiceName: { referenceName: api }, typeProperties: { location: { relativeUrl: a } } }',
      'linkedService/api.yaml':
        'properties: { type: HttpServer, typeProperties: { url: "https://x.example", authenticationType: Windows } }',
      'linkedService/fn.yaml':
        'properties: { type: AzureFunction, typeProperties: { functionAppUrl: "https://x.example", authentication: MSI } }',
    },
    findings: [
      'unsupported authentication pipeline/x.yaml:3 activities["w"].typeProperties.authentication.type "MSI" does not run here: this machine has no managed identity; use ServicePrincipal with a secret of a vault',
      'unsupported authentication linkedService/fn.yaml:1 typeProperties.authentication "MSI" does not run here: this machine has no identity in Azure; it may be Anonymous',
    ],
  },
  {
    title: 'a compression that is not read, and settings of a mapping that are not done',
    files: {
      'pipeline/x.yaml': `properties: { activities: [{ name: c, type: Copy, inputs: [{ referenceName: t }], outputs: [{ referenceName: t }], typeProperties: {
  source: { type: DelimitedTextSource, formatSettings: { type: x, compressionProperties: { type: ZipDeflateReadSettings } } }, sink: { type: DelimitedTextSink },
  translator: { type: TabularTranslator, typeConversionSettings: { culture: de-DE, treatBooleanAsNumber: true } } } }] }`,
      'dataset/t.yaml':
        'properties: { type: DelimitedText, linkedServiceName: { referenceName: lake }, typeProperties: { location: { folderPath: in }, compressionCodec: ZipDeflate } }',
      'linkedService/lake.yaml': 'properties: { type: AzureBlobFS, typeProperties: {} }',
    },
    findings: [
      expect.stringContaining(
        'review unused-property pipeline/x.yaml:2 activities["c"].typeProperties.source.formatSettings.compressionProperties',
      ),
      expect.stringContaining(
        'review unused-property pipeline/x.yaml:3 activities["c"].typeProperties.translator.typeConversionSettings.culture',
      ),
      'unsupported compression dataset/t.yaml:1 typeProperties.compressionCodec "ZipDeflate" is not read and not written here; gzip and deflate are',
    ],
  },
  {
    title: 'a trigger that does not run leaves its pipelines without a start',
    files: {
      'pipeline/x.yaml': `properties: { activities: [${wait}] }`,
      'trigger/t.yaml':
        'properties: { type: TumblingWindowTrigger, pipeline: { pipelineReference: { referenceName: X } } }',
    },
    findings: [
      'review trigger-type trigger/t.yaml:1 type t starts it: TumblingWindowTrigger does not run here: nothing starts its pipelines',
    ],
  },
]

describe('a check names', () => {
  test.each(cases)('$title', ({ files, findings }) => {
    expect(findingsOf(files)).toEqual(findings)
  })

  test('what a factory has besides pipelines', () => {
    const { factory, triggers } = checkFactory(
      factoryOf({
        'factory/f.json':
          '{"name": "f", "properties": {\n"globalParameters": {},\n"publicNetworkAccess": "Enabled"}}',
        'dataflow/d.json': '{}',
        'integrationRuntime/ir.json': '{}',
        'trigger/t.yaml': 'properties: { type: BlobEventsTrigger }',
        'linkedService/unused.yaml': 'properties: { type: AzureBlobFS, typeProperties: { uri: x } }',
      }),
    )
    expect(factory.map(({ level, id, file, line }) => `${level} ${id} ${file}:${line}`)).toEqual([
      'note factory-property factory/f.json:3',
      'note resource-kind dataflow/d.json:null',
      'note resource-kind integrationRuntime/ir.json:null',
      'review no-pipeline factory/f.json:1',
      'unsupported definition-error linkedService/unused.yaml:1',
    ])
    expect(triggers).toMatchObject([{ name: 't', grade: 'Unsupported' }])
  })
})
