import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chaosRun, undisturbedRun } from './chaos-run.ts'
import { describeDisturbance } from './disturbance.ts'

/**
 * `npm run chaos -- --runs 50 --seed 1`: seeded kills; exit code 1 when a run lost something or did something twice. When all went well
 * the table in the README is written anew.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    scans: { type: 'string', default: '60' },
    width: { type: 'string', default: '128' },
  },
})
const options = { scans: Number(values.scans), width: Number(values.width) }
const [first, runs] = [Number(values.seed), Number(values.runs)]

console.log(
  `${runs} runs from seed ${first}: ${options.scans} scans of ${options.width} pixels through bronze, silver and gold`,
)
const expected = await undisturbedRun(options)
const survived = { worker: 0, temporal: 0, both: 0, zombie: 0 }
let failed = 0
for (let seed = first; seed < first + runs; seed++) {
  const result = await chaosRun(seed, expected, options)
  const story = result.disturbances.map(describeDisturbance).join('; ')
  console.log(
    `seed ${seed}  ${result.differences.length === 0 ? 'equal' : 'DIFFERENT'}  ${result.seconds.toFixed(1)} s  ${story}`,
  )
  for (const difference of result.differences) console.log(`    ${difference}`)
  if (result.home !== null) console.log(`    left for a look: ${result.home}`)
  if (result.differences.length > 0) failed++
  else for (const { victim } of result.disturbances) survived[victim]++
}
const table = [
  `${runs - failed} of ${runs} runs (seeds ${first} to ${first + runs - 1}, ${options.scans} scans each) ended equal to the undisturbed one.`,
  '',
  '| what happened | times survived |',
  '|---|---|',
  `| worker killed | ${survived.worker} |`,
  `| Temporal server killed | ${survived.temporal} |`,
  `| both killed at once | ${survived.both} |`,
  `| worker asleep for longer than its heartbeat timeout, then awake as a zombie | ${survived.zombie} |`,
].join('\n')
console.log(`\n${table}`)
if (failed === 0) writeSurvived(join(import.meta.dirname, '../../README.md'), table)
process.exitCode = failed === 0 ? 0 : 1

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
