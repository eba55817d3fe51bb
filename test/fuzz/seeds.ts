import { existsSync } from 'node:fs'
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { load } from 'js-yaml'
import { makeSamples } from '../../formats/gelsight/make/samples.ts'
import { expression, noise } from '../adf/expression/arbitrary.ts'
import { losAngelesOrcFile, smallOrcFile } from '../formats/orc/small-file.ts'
import { haveSamples, samples, whyNot } from '../formats/gelsight/samples.ts'

/** What the targets are fed with before it is changed, by kind. */
export interface Seeds {
  readonly scan: Buffer[]
  readonly context: Buffer[]
  readonly calibration: Buffer[]
  readonly tmd: Buffer[]
  readonly png: Buffer[]
  readonly zip: Buffer[]
  readonly orc: Buffer[]
  readonly quantity: Buffer[]
  readonly time: Buffer[]
  readonly definition: Buffer[]
  readonly json: Buffer[]
  readonly arm: Buffer[]
  readonly contract: Buffer[]
  readonly select: Buffer[]
  readonly deltaLog: Buffer[]
  readonly expression: Buffer[]
  /** What could not be used, and why. */
  readonly missing: string[]
}

const quantities = [
  '1.10483882013 mm',
  '0.77854575067 mm²',
  '0.8 µm',
  '.5',
  '-1.5e-3 mm',
  '(1, 2)',
  '12 °',
  '1 in',
]
const times = [
  '2025-09-17 12:58:41',
  '2025-09-17T12:58:41.25Z',
  '2025-10-26 02:30:00',
  '2025-09-17 12:58:41+02:00',
]

/** As Headrace and as Spark write them. */
const deltaEntries = [
  [
    {
      commitInfo: {
        timestamp: 1_770_000_000_000,
        operation: 'WRITE',
        operationParameters: { mode: 'Append' },
      },
    },
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    {
      metaData: {
        id: 'b5c1',
        format: { provider: 'parquet', options: {} },
        schemaString:
          '{"type":"struct","fields":[{"name":"id","type":"long","nullable":false,"metadata":{}}]}',
        partitionColumns: ['kind'],
        configuration: { 'delta.appendOnly': 'false' },
        createdTime: 1_770_000_000_000,
      },
    },
    {
      add: {
        path: 'kind=a%20b/part-0.parquet',
        partitionValues: { kind: 'a b' },
        size: 10,
        modificationTime: 1,
        dataChange: true,
        stats: '{"numRecords":1}',
      },
    },
    { txn: { appId: 'b1/chunk-0', version: 0, lastUpdated: 1 } },
  ],
  [
    {
      protocol: {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['deletionVectors'],
        writerFeatures: [],
      },
    },
    {
      remove: { path: 'part-0.parquet', deletionTimestamp: 1, dataChange: true, extendedFileMetadata: true },
    },
  ],
]

/** None where a seed is no object. */
function documentOf(bytes: Buffer): { properties: unknown }[] {
  const document: unknown = load(bytes.toString('utf8'))
  return typeof document === 'object' && document !== null && 'properties' in document ? [document] : []
}

/** An ARM template of one pipeline. */
function templateOf({ properties }: { properties: unknown }) {
  return {
    $schema: 'http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { factoryName: { type: 'string', defaultValue: 'plant' } },
    variables: { factoryId: "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]" },
    resources: [
      {
        name: "[concat(parameters('factoryName'), '/x')]",
        type: 'Microsoft.DataFactory/factories/pipelines',
        apiVersion: '2018-06-01',
        properties,
        dependsOn: ["[concat(variables('factoryId'), '/datasets/y')]"],
      },
    ],
  }
}

/** Small files of the sample maker, real ones where they are at hand, the definitions of this repository. */
export async function readSeeds(seed: number): Promise<Seeds> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-fuzz-seeds-'))
  try {
    await makeSamples({ folder, seed, scans: 5, width: 16, scansPerDrop: 5, folderEvery: 1 })
    await makeSamples({ folder, seed, scans: 2, width: 16, scansPerDrop: 1 })
    const of = async (root: string, patterns: string | string[]) => {
      const found: Buffer[] = []
      for await (const path of glob(patterns, { cwd: root })) found.push(await readFile(join(root, path)))
      return found
    }
    const real = async (pattern: string) => (haveSamples ? of(samples, pattern) : [])
    const repository = join(import.meta.dirname, '../..')
    const definition = await of(repository, [
      'factories/**/*.yaml',
      'test/adf/**/*.yaml',
      'factories/**/*.json',
    ])
    const documents = definition.flatMap((bytes) => documentOf(bytes))
    return {
      scan: [...(await of(folder, '**/scan.yaml')), ...(await real('**/scan.yaml'))],
      context: [...(await of(folder, '**/scancontext.yaml')), ...(await real('scans/**/scan.yaml'))],
      calibration: [...(await of(folder, '*/*/[!s]*.yaml')), ...(await real('calibrations/*.yaml'))],
      // A real height map has a megabyte: the beginning is enough.
      tmd: [
        ...(await of(folder, '**/*.tmd')),
        ...(await real('**/*.tmd')).map((one) => one.subarray(0, 20_000)),
      ],
      png: [
        ...(await of(folder, '**/*.png')),
        ...(await real('**/*.png')).map((one) => one.subarray(0, 4_000)),
      ],
      zip: await of(folder, '*.zip'),
      orc: [smallOrcFile, losAngelesOrcFile],
      quantity: quantities.map((text) => Buffer.from(text)),
      time: times.map((text) => Buffer.from(text)),
      definition,
      json: documents.map((document) => Buffer.from(JSON.stringify(document, null, 2))),
      arm: documents.map((document) => Buffer.from(JSON.stringify(templateOf(document)))),
      contract: await of(repository, 'factories/**/table/*.yaml'),
      select: await of(repository, ['factories/**/table/*.sql', 'factories/**/ml/*.sql']),
      deltaLog: deltaEntries.map((lines) =>
        Buffer.from(lines.map((one) => `${JSON.stringify(one)}\n`).join('')),
      ),
      expression: fc
        .sample(fc.oneof(expression, noise), { seed, numRuns: 2_000 })
        .map((text) => Buffer.from(text)),
      missing: existsSync(samples) ? [] : [`real files${whyNot}`],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
