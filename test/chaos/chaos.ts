import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chaosRun, undisturbedRun, type ChaosResult } from './chaos-run.ts'
import { describeDisturbance } from './plan.ts'
import { canMount } from './small-disk.ts'
import { survivedTable } from './survived-table.ts'
import { openWorkshop } from './workshop.ts'

/**
 * `npm run chaos -- --runs 50 --seed 1`: seeded kills, sleeps and full disks; exit code 1 when a run lost something or did something
 * twice. When all went well the table in the README is written anew. `--together 3` runs that many at once: most of a run's time is
 * waiting for heartbeats. Fewer than 20 runs leave the README alone.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    scans: { type: 'string', default: '60' },
    width: { type: 'string', default: '64' },
    together: { type: 'string', default: '3' },
  },
})
const [first, runs] = [Number(values.seed), Number(values.runs)]
await using workshop = await openWorkshop()
const mayMount = canMount()
const options = { workshop, mayMount, scans: Number(values.scans), width: Number(values.width) }

console.log(
  `${runs} runs from seed ${first}: ${options.scans} scans of ${options.width} pixels through bronze, silver and gold`,
)
if (!mayMount) console.log('No full disks: a small volume cannot be mounted here (Linux and root are needed)')
const start = performance.now()
const calm = await undisturbedRun(options)
console.log(`undisturbed: ${calm.events} events, ${Object.keys(calm.survey.tables).length} tables`)

const seeds = Array.from({ length: runs }, (_, i) => first + i)
const results: ChaosResult[] = []
await Promise.all(
  Array.from({ length: Number(values.together) }, async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const result = await chaosRun(seed, calm, options)
      results.push(result)
      print(result)
    }
  }),
)
console.log(`${runs} runs in ${Math.round((performance.now() - start) / 1000)} s`)
const table = survivedTable(results, options.scans)
console.log(`\n${table}`)
const failed = results.some(({ faults }) => faults.length > 0)
if (!failed && runs >= 20) writeSurvived(join(import.meta.dirname, '../../README.md'), table)
process.exitCode = failed ? 1 : 0

function print({ seed, happened, diskFailures, faults, seconds, home }: ChaosResult): void {
  const outcome = faults.length === 0 ? 'equal' : 'DIFFERENT'
  console.log(`seed ${seed}  ${outcome}  ${seconds.toFixed(1)} s`)
  for (const { disturbance, met } of happened) {
    console.log(`    ${describeDisturbance(disturbance)}: ${met ?? 'did not happen'}`)
  }
  if (diskFailures > 0) console.log(`    ${diskFailures} attempts of activities failed on the full disk`)
  for (const fault of faults) console.log(`    ! ${fault}`)
  if (home !== null) console.log(`    left for a look: ${home}`)
}

/** The README states what was survived, between two marks. */
function writeSurvived(file: string, text: string): void {
  const marks = /(<!-- chaos -->\n)[\s\S]*?(<!-- \/chaos -->)/
  const readme = readFileSync(file, 'utf8')
  if (!marks.test(readme))
    throw new Error(`${file} has no place for the table: <!-- chaos --> … <!-- /chaos -->`)
  writeFileSync(
    file,
    readme.replace(marks, (_all, open: string, close: string) => `${open}${text}\n${close}`),
  )
}
