import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

const pyspark = '4.0.1'
const delta = '4.0.0'
const scala = '2.13'
const cache = join(homedir(), '.cache/headrace')
const venv = join(cache, 'python', `pyspark-${pyspark}-delta-${delta}`)
const jars = join(cache, 'jars', `delta-spark_${scala}-${delta}`)

/** Spark brings Scala and ANTLR itself. */
const needed = [`delta-spark_${scala}-${delta}.jar`, `delta-storage-${delta}.jar`]

/** What Spark is asked to do, in order. */
export type SparkStep =
  | { readonly table: string; readonly version?: number; readonly where: string }
  | { readonly table: string; readonly append: readonly (readonly [number, string | null])[] }
  | { readonly table: string; readonly vacuum: true }

/** Installs Spark and Delta's jars into the user's cache, once. The registries are those that pip and Maven are set up for. */
export function installSpark(): void {
  once(venv, (folder) => {
    run('python3', '-m', 'venv', folder)
    // Without its dependencies but py4j: delta-spark's own asks for any Spark of its line.
    run(
      join(folder, 'bin/python'),
      '-m',
      'pip',
      'install',
      '--quiet',
      `pyspark==${pyspark}`,
      `delta-spark==${delta}`,
    )
  })
  once(jars, (folder) => {
    mkdirSync(folder, { recursive: true })
    const project = join(folder, 'pom.xml')
    writeFileSync(
      project,
      `<project><modelVersion>4.0.0</modelVersion><groupId>headrace</groupId><artifactId>delta-jars</artifactId><version>1</version>
       <packaging>pom</packaging><dependencies><dependency><groupId>io.delta</groupId>
       <artifactId>delta-spark_${scala}</artifactId><version>${delta}</version></dependency></dependencies></project>`,
    )
    run('mvn', '-q', '-B', '-f', project, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`)
  })
}

/** Ids by step; null for a step that writes. */
export function askSpark(steps: readonly SparkStep[]): (number[] | null)[] {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-spark-'))
  try {
    const answers = join(folder, 'answers.json')
    const paths = needed.map((name) => join(jars, name)).join(',')
    const program = join(import.meta.dirname, 'spark-delta.py')
    execFileSync(join(venv, 'bin/python'), [program, paths, JSON.stringify(steps), answers], {
      cwd: folder,
      env: { ...process.env, TZ: 'UTC', PYSPARK_PYTHON: join(venv, 'bin/python') },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return JSON.parse(readFileSync(answers, 'utf8')) as (number[] | null)[]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A folder that is there is complete. */
function once(folder: string, make: (unfinished: string) => void): void {
  if (existsSync(folder)) return
  const unfinished = `${folder}.${process.pid}`
  try {
    make(unfinished)
    renameSync(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
