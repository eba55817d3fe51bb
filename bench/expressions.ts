import { evaluate } from '../adf/expression/evaluate.ts'
import type { Environment, Scope } from '../adf/expression/scope.ts'
import { Report, size } from './report.ts'

/**
 * How many expressions does a workflow evaluate a second? `npm run bench:expressions -- [--rounds 5] [--evaluations 200000]`. The target is a
 * rate, not a ratio: every expression of a run is evaluated from its text, as workflows do.
 */
const rounds = size('rounds', 5)
const evaluations = size('evaluations', 200_000)
const wantedPerSecond = 100_000

const scope: Scope = { parameters: { a: 'bronze' } }
const environment: Environment = {
  now: () => Date.UTC(2026, 10, 21, 9, 30),
  guid: () => '00000000-0000-0000-0000-000000000000',
  random: () => 0.5,
}

const cases = [
  "@concat(pipeline().parameters.a, '/', formatDateTime(utcNow(), 'yyyy/MM/dd'))",
  "@{pipeline().parameters.a}/@{formatDateTime(utcNow(), 'yyyy/MM/dd')}",
  "@if(equals(pipeline().parameters.a, 'bronze'), string(add(mul(3, 4), 5)), 'none')",
]

function perSecond(text: string): number {
  const start = performance.now()
  let length = 0
  for (let count = 0; count < evaluations; count += 1) {
    const value = evaluate(text, scope, environment)
    if (typeof value === 'string') length += value.length
  }
  const seconds = (performance.now() - start) / 1000
  // Uses the results: nothing of the loop may be left out.
  if (length < evaluations) throw new Error(`${text} gave no text`)
  return evaluations / seconds
}

const report = new Report('expressions', { rounds, evaluations })
for (const text of cases) {
  perSecond(text)
  const rates = Array.from({ length: rounds }, () => perSecond(text)).toSorted((a, b) => a - b)
  const median = rates[Math.floor(rates.length / 2)] ?? 0
  report.figure(
    `${text}${median < wantedPerSecond ? ` (wanted ${wantedPerSecond})` : ''}`,
    median,
    'evaluations/s',
  )
}
report.end()
