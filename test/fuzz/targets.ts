import { createHash, randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { parseContract } from '../../activities/planned-table.ts'
import { factoryFromArm } from '../../adf/arm/factory-from-arm.ts'
import { ExpressionError } from '../../adf/expression/expression-error.ts'
import { evaluate } from '../../adf/expression/evaluate.ts'
import { references } from '../../adf/expression/references.ts'
import { validateExpression } from '../../adf/expression/validate.ts'
import { buildPlan } from '../../adf/plan/build-plan.ts'
import { validateFactory } from '../../adf/plan/validate-factory.ts'
import { checkReferences, readAnalysis } from '../../formats/gelsight/analysis.ts'
import { isCalibration, readCalibration } from '../../formats/gelsight/calibration.ts'
import { Findings } from '../../formats/gelsight/finding.ts'
import { readScan } from '../../formats/gelsight/scan-record.ts'
import { readOrc } from '../../formats/orc/read-orc.ts'
import { pngHeaderBytes, readPngHeader } from '../../formats/png/png-header.ts'
import { toUtc } from '../../formats/time/local-time.ts'
import { readTmdHeader, tmdHeaderLimit } from '../../formats/tmd/tmd-header.ts'
import { measureTmd } from '../../formats/tmd/tmd-statistics.ts'
import { isQuantity, readQuantity } from '../../formats/units/quantity.ts'
import { readYaml } from '../../formats/yaml/read-yaml.ts'
import type { ByteSource } from '../../formats/zip/byte-source.ts'
import { ZipReader } from '../../formats/zip/zip-reader.ts'
import { parseSelect } from '../../tables/build/parse.ts'
import { parseActions } from '../../tables/delta/actions.ts'
import { emptySnapshot, replay } from '../../tables/delta/snapshot.ts'
import type { DuckDb } from '../../tables/duckdb/duckdb.ts'
import { openDuckDb } from '../../tables/duckdb/open.ts'
import { environment, scope } from '../adf/expression/world.ts'
import type { Seeds } from './seeds.ts'

/** One parser under fire: gives back something, or throws a DataError or DefinitionError; all else is a find. */
export interface Target {
  readonly seeds: Exclude<keyof Seeds, 'missing'>
  run(bytes: Buffer): unknown
}

const zone = 'Europe/Berlin'

export const targets: Readonly<Record<string, Target>> = {
  'scan.yaml': {
    seeds: 'scan',
    run(bytes) {
      const findings = new Findings()
      const { value } = readYaml(bytes, 'scan.yaml')
      const scan = readScan(value, 'scan.yaml', zone, findings)
      for (const time of [scan.created_at, scan.gel_use_by]) checkTime(time)
      return asText({
        scan,
        analysis: readAnalysis(value, 'scan.yaml', zone, findings),
        findings: findings.list(),
      })
    },
  },
  'scancontext.yaml': {
    seeds: 'context',
    run(bytes) {
      const findings = new Findings()
      const analysis = readAnalysis(
        readYaml(bytes, 'scancontext.yaml').value,
        'scancontext.yaml',
        zone,
        findings,
      )
      checkReferences(analysis, findings)
      checkUnique(
        'shape',
        analysis.shapes.map((shape) => shape.shape_id),
      )
      checkUnique(
        'routine',
        analysis.routines.map((routine) => routine.routine_instance_id),
      )
      for (const { results } of analysis.routines) {
        checkUnique(
          'result',
          results.map((result) => result.result_name),
        )
        for (const { value } of results) if (value !== null) checkFinite(value)
      }
      return asText({ analysis, findings: findings.list() })
    },
  },
  calibration: {
    seeds: 'calibration',
    run(bytes) {
      const findings = new Findings()
      const { value } = readYaml(bytes, 'Calib-1.yaml')
      isCalibration(value, 'other.yaml')
      const record = readCalibration(value, 'Calib-1.yaml', zone, findings)
      for (const time of [record.created_at, record.verified_at]) checkTime(time)
      return asText({ record, findings: findings.list() })
    },
  },
  tmd: {
    seeds: 'tmd',
    async run(bytes) {
      const { dataStart } = readTmdHeader(bytes.subarray(0, tmdHeaderLimit))
      const found = await measureTmd(async () => Readable.from([bytes.subarray(dataStart)]))
      for (const value of Object.values(found)) if (value !== null) checkFinite(value)
    },
  },
  png: { seeds: 'png', run: (bytes) => readPngHeader(bytes.subarray(0, pngHeaderBytes)) },
  zip: { seeds: 'zip', run: readZip },
  orc: { seeds: 'orc', run: readOrcRows },
  quantity: {
    seeds: 'quantity',
    run(bytes) {
      const read = readQuantity(bytes.toString('utf8'))
      if (isQuantity(read)) checkFinite(read.value)
    },
  },
  time: { seeds: 'time', run: (bytes) => checkTime(toUtc(bytes.toString('utf8'), zone)) },
  definition: {
    seeds: 'definition',
    run: (bytes) => plan(bytes, ['pipeline/x.yaml', 'trigger/x.yaml', 'factory.yaml']),
  },
  'json definition': {
    seeds: 'json',
    run: (bytes) =>
      plan(bytes, ['pipeline/x.json', 'trigger/x.json', 'dataset/x.json', 'linkedService/x.json']),
  },
  'arm template': {
    seeds: 'arm',
    run(bytes) {
      const template = { path: 'ARMTemplateForFactory.json', text: bytes.toString('utf8') }
      const source = factoryFromArm({ templates: [template], parameters: null, name: 'fuzz' }, sha256)
      return asText({ issues: validateFactory(source), files: source.files })
    },
  },
  'table contract': {
    seeds: 'contract',
    run: (bytes) => asText(parseContract(bytes.toString('utf8'), 'table/x.yaml')),
  },
  select: {
    seeds: 'select',
    async run(bytes) {
      duckdb ??= openDuckDb({
        spillFolder: join(tmpdir(), 'headrace-fuzz-duckdb'),
        memoryLimit: '128MB',
        threads: 1,
      })
      const found = await (
        await duckdb
      ).session((connection) => parseSelect(connection, bytes.toString('utf8'), 'x.sql'))
      return asText(found)
    },
  },
  'delta log': {
    seeds: 'deltaLog',
    run(bytes) {
      try {
        return replay(emptySnapshot, 0, parseActions(bytes.toString('utf8'), 'entry'))
      } catch (error) {
        // The log is the outside world's: whoever writes it may mend it.
        if (error instanceof Error && deltaRefusals.test(error.message)) return null
        throw error
      }
    },
  },
  expression: {
    seeds: 'expression',
    run(bytes) {
      const text = bytes.toString('utf8')
      if (validateExpression(text).length === 0) references(text)
      try {
        return asText(evaluate({ value: text, type: 'Expression' }, scope, environment))
      } catch (error) {
        if (error instanceof ExpressionError) return error.message
        throw error
      }
    },
  },
}

const deltaRefusals = /^entry:\d+ is no Delta log action$|needs a Delta reader of version/

let duckdb: Promise<DuckDb> | null = null

/** One text as several files of a factory. */
function plan(bytes: Buffer, paths: readonly string[]): string {
  const text = bytes.toString('utf8')
  const source = { name: 'fuzz', files: paths.map((path) => ({ path, text, sha256: sha256(text) })) }
  const issues = validateFactory(source)
  return asText({ issues, plan: buildPlan(source, 'x', 'dev', sha256).plan })
}

/** Reads the directory and each entry, up to some megabytes. */
async function readZip(bytes: Buffer): Promise<void> {
  const source: ByteSource = {
    size: bytes.length,
    read: async (start, end) => Readable.from([bytes.subarray(start, end)]),
  }
  const zip = await ZipReader.open(source, 'drop.zip', { entryBytes: 2 ** 22 })
  try {
    let left = 2 ** 24
    for await (const entry of zip.entries()) {
      if (!entry.isFolder && entry.problem === null && left > 0) {
        try {
          for await (const chunk of zip.read(entry)) left -= chunk.length
        } catch (error) {
          if (!isExpected(error)) throw error
        }
      }
    }
  } finally {
    zip.close()
  }
}

/** Reads up to some thousand rows of a file. */
async function readOrcRows(bytes: Buffer): Promise<void> {
  const file = join(tmpdir(), `headrace-fuzz-${randomUUID()}.orc`)
  await writeFile(file, bytes)
  try {
    const { columns, batches } = await readOrc(file)
    let left = 5_000
    for await (const rows of batches) {
      if (rows.some((row) => row.length !== columns.length)) throw new Error('a row has not its columns')
      left -= rows.length
      if (left < 0) break
    }
  } finally {
    await rm(file, { force: true })
  }
}

/** Whether an error is one that a parser may throw. */
export function isExpected(error: unknown): boolean {
  return error instanceof Error && (error.name === 'DataError' || error.name === 'DefinitionError')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** What is kept of an input is written as JSON: it must not be far larger than the input. */
function asText(value: unknown): string {
  return JSON.stringify(value) ?? ''
}

function checkTime(time: string | null): void {
  if (time !== null && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time))
    throw new Error(`${time} is no time of a table`)
}

function checkFinite(value: number): void {
  if (!Number.isFinite(value)) throw new Error(`${value} is not finite`)
}

function checkUnique(what: string, names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw new Error(`two of the name ${what} ${name.slice(0, 100)}`)
    seen.add(name)
  }
}
