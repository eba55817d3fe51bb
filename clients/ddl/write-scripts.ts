import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { load } from 'js-yaml'
import { tableContract } from '../../tables/contract.ts'
import { contractTable } from '../../warehouse/contract-table.ts'
import { loadsTable } from '../../warehouse/loads-table.ts'
import { runTables } from '../../warehouse/run-tables.ts'
import { missingScripts, type DdlScript } from '../../warehouse/sqlite/scripts.ts'
import type { WarehouseTable } from '../../warehouse/warehouse.ts'

/** A folder of numbered scripts and the tables that they build. */
interface ScriptFolder {
  readonly folder: string
  readonly tables: readonly WarehouseTable[]
  readonly origin: (table: WarehouseTable) => string
}

const root = join(import.meta.dirname, '../..')

/** Tables of a factory's contracts that are for the warehouse, in name order. */
export function factoryScripts(factory: string): ScriptFolder {
  const contracts = join(factory, 'table')
  const tables = readdirSync(contracts)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => tableContract.parse(load(readFileSync(join(contracts, file), 'utf8'))))
    .filter((contract) => contract.warehouse !== undefined)
    .map(contractTable)
  return {
    folder: join(factory, 'warehouse/sqlite'),
    tables,
    origin: (table) =>
      `Written from table/${table.name}.yaml by "npm run ddl"; a change of the table becomes another script.`,
  }
}

/** Headrace's own tables. */
export function ownScripts(): ScriptFolder {
  return {
    folder: join(root, 'warehouse/sqlite/scripts'),
    tables: [...runTables, loadsTable],
    origin: () =>
      'Written from warehouse/run-tables.ts and loads-table.ts by "npm run ddl"; a change of the table becomes another script.',
  }
}

/** What is not written yet. */
export function outstanding(scripts: ScriptFolder): DdlScript[] {
  mkdirSync(scripts.folder, { recursive: true })
  const existing = readdirSync(scripts.folder)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => ({ name, text: readFileSync(join(scripts.folder, name), 'utf8') }))
  return missingScripts(existing, scripts.tables, scripts.origin)
}

function main(): number {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      factory: { type: 'string', default: join(root, 'factories/gelsight') },
    },
  })
  let missing = 0
  for (const scripts of [ownScripts(), factoryScripts(values.factory)]) {
    for (const script of outstanding(scripts)) {
      const file = join(scripts.folder, script.name)
      if (values.check) process.stderr.write(`${file} is missing; write it with: npm run ddl\n`)
      else writeFileSync(file, script.text, { flag: 'wx' })
      missing += 1
    }
  }
  if (!values.check) process.stdout.write(`${missing} scripts written\n`)
  return values.check && missing > 0 ? 1 : 0
}

if (import.meta.main) process.exitCode = main()
