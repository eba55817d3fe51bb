import { readFileSync, globSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Holds the rules of docs/internals/architecture.md: which room imports which, which vendor lives where, what the
 * workflow sandbox may load, how long a file may be. `node test/rooms/check-rooms.ts [root]`; exit code 1 on a finding.
 */
interface Room {
  /** Rooms whose values and types it may import. */
  readonly imports: readonly string[]
  /** Rooms that it may import types of. */
  readonly types?: readonly string[]
  /** Loaded by the workflow sandbox: no node built-ins. */
  readonly sandbox?: boolean
}

const rooms: Record<string, Room> = {
  adf: { imports: [], sandbox: true },
  engine: { imports: ['adf'], sandbox: true },
  workflows: { imports: ['engine', 'adf'], types: ['activities'], sandbox: true },
  testing: { imports: ['workflows', 'engine', 'adf'], sandbox: true },
  activities: { imports: ['formats', 'stores', 'tables', 'lake', 'warehouse', 'notify', 'adf'] },
  formats: { imports: [] },
  lake: { imports: [] },
  stores: { imports: ['formats', 'tables', 'lake', 'warehouse', 'adf'] },
  tables: { imports: ['lake'], types: ['formats'] },
  warehouse: { imports: [], types: ['formats'] },
  notify: { imports: [] },
  config: { imports: [] },
  workers: {
    imports: ['activities', 'adf', 'stores', 'lake', 'tables', 'warehouse', 'notify', 'config'],
  },
  clients: {
    imports: ['adf', 'engine', 'testing', 'config', 'tables', 'warehouse', 'lake', 'formats'],
    types: ['workflows', 'workers'],
  },
}

/** Package prefix → the rooms that may import it. Packages not named here are free, but for sandbox rooms. */
const vendors: Record<string, readonly string[]> = {
  '@azure/storage-file-datalake': ['lake'],
  mssql: ['warehouse'],
  '@duckdb/': ['tables'],
  'parquetjs-lite': ['tables'],
  'node:sqlite': ['warehouse'],
  '@temporalio/workflow': ['workflows'],
  '@temporalio/worker': ['workers'],
  '@temporalio/client': ['clients', 'workers'],
}

/** `import type` of these is free everywhere outside the sandbox. */
const vendorTypesFree = ['@duckdb/', '@temporalio/']

const sandboxPackages = ['zod', '@temporalio/workflow', '@temporalio/common', 'js-yaml']

const sourceLimit = 400
const testLimit = 500

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
  readonly line: number
}

function importsOf(text: string): Import[] {
  const found: Import[] = []
  const pattern =
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'"()]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm
  for (const match of text.matchAll(pattern)) {
    const specifier = match[2] ?? match[3] ?? ''
    found.push({
      specifier,
      typeOnly: match[1] !== undefined,
      line: text.slice(0, match.index).split('\n').length,
    })
  }
  return found
}

export function checkRooms(root: string): string[] {
  const findings: string[] = []
  for (const [room, rule] of Object.entries(rooms)) {
    for (const file of globSync(`${room}/**/*.ts`, { cwd: root })) {
      const text = readFileSync(join(root, file), 'utf8')
      for (const one of importsOf(text)) {
        const finding = one.specifier.startsWith('.')
          ? checkRelative(file, room, rule, one)
          : checkPackage(room, rule, one)
        if (finding !== null) findings.push(`${file}:${one.line} ${finding}`)
      }
      if (room !== 'config' && /\bprocess\.env\b/.test(text))
        findings.push(`${file} reads process.env; only config/ may`)
      if (
        rule.sandbox === true &&
        /\b(Date\.now\(|new Date\(\)|Math\.random\(|crypto\.)/.test(text) &&
        room !== 'workflows'
      ) {
        findings.push(`${file} uses a clock or random; ${room}/ is pure`)
      }
      checkLength(file, text, sourceLimit, findings)
    }
  }
  for (const file of globSync('{test,bench}/**/*.ts', { cwd: root })) {
    checkLength(file, readFileSync(join(root, file), 'utf8'), testLimit, findings)
  }
  for (const name of ['utils', 'helpers', 'common', 'shared', 'lib']) {
    const hit = globSync(`{${Object.keys(rooms).join(',')}}/**/${name}{,.ts}`, { cwd: root })
    findings.push(...hit.map((path) => `${path} says nothing by its name: name it after its concept`))
  }
  return findings
}

function checkLength(file: string, text: string, limit: number, findings: string[]): void {
  const lines = text.split('\n').length - 1
  if (lines > limit) findings.push(`${file} has ${lines} lines; ${limit} is the cap: split it by concept`)
}

function checkRelative(file: string, room: string, rule: Room, one: Import): string | null {
  const target = normalize(join(dirname(file), one.specifier)).split(sep)[0] ?? ''
  if (target === room || rule.imports.includes(target)) return null
  if (one.typeOnly && rule.types?.includes(target)) return null
  const allowed =
    [...rule.imports, ...(rule.types ?? []).map((name) => `${name} (types)`)].join(', ') || 'no other room'
  return `imports ${target}/; ${room}/ may import ${allowed}`
}

function checkPackage(room: string, rule: Room, one: Import): string | null {
  const name = one.specifier
  const isBuiltin = name.startsWith('node:') || builtinModules.includes(name)
  if (rule.sandbox === true && isBuiltin)
    return `imports ${name}; ${room}/ is loaded by the workflow sandbox: no node built-ins`
  if (one.typeOnly && vendorTypesFree.some((prefix) => name.startsWith(prefix))) return null
  for (const [prefix, allowed] of Object.entries(vendors)) {
    if (name.startsWith(prefix) && !allowed.includes(room))
      return `imports ${name}; that belongs to ${allowed.join(', ')}/`
  }
  if (
    rule.sandbox === true &&
    !one.typeOnly &&
    !sandboxPackages.some((known) => name === known || name.startsWith(`${known}/`))
  ) {
    return `imports ${name}; sandbox rooms may import ${sandboxPackages.join(', ')}`
  }
  return null
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const findings = checkRooms(process.argv[2] ?? process.cwd())
  for (const finding of findings) console.error(finding)
  if (findings.length > 0) process.exit(1)
}
