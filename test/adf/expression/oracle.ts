import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import fc from 'fast-check'
import { ExpressionError } from '../../../adf/expression/expression-error.ts'
import type { JsonValue } from '../../../adf/json.ts'
import { evaluatorDifferences } from '../../../adf/support/differences.ts'
import { expression } from './arbitrary.ts'
import { run, scope } from './world.ts'

/**
 * Asks Microsoft's evaluator and ours the same expressions and prints where they differ.
 * `npm run test:oracle -- [--count 3000] [--seed 1]`; exit code 1 on a difference that is not wanted.
 */
type Answer = { readonly value: JsonValue } | { readonly error: string }

const oracle = join(import.meta.dirname, '../../../../shared/tools/adf-oracle/oracle.sh')

/** Differences that we want, told by what the engine answered; docs/adf-support.md lists them. */
const wanted: readonly {
  readonly why: string
  matches(text: string, theirs: string, ours: string): boolean
}[] = [
  { why: evaluatorDifferences.plainSpace, matches: (_, theirs) => /\u202f|\\u202f/.test(theirs) },
  { why: evaluatorDifferences.notJson, matches: (_, theirs) => /Infinity|NaN/.test(theirs) },
  { why: evaluatorDifferences.exactInt, matches: (text) => /\bint\(/.test(text) },
  {
    why: evaluatorDifferences.rangeWidth,
    matches: (text) => /range\(/.test(text) && /(union|intersection)\(/.test(text),
  },
  {
    why: evaluatorDifferences.noClock,
    matches: (text, _, ours) => ours.includes('must be a timestamp') && text.includes("' 1.5 '"),
  },
  {
    why: evaluatorDifferences.shortestFloat,
    matches: (_, theirs, ours) => roundFloats(theirs) === roundFloats(ours),
  },
  { why: evaluatorDifferences.halfCharacter, matches: (_, theirs) => theirs.includes('utf-16-le') },
]

function roundFloats(text: string): string {
  return text.replace(/-?\d+\.\d+E[+-]\d+/g, (float) => String(Number(float)))
}

function ask(expressions: readonly string[]): Promise<string[]> {
  const child = spawn(oracle, { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => answers.push(line))
  const { system: _, ...given } = scope
  child.stdin.end(
    expressions.map((text) => `${JSON.stringify({ expression: text, scope: given })}\n`).join(''),
  )
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(answers) : reject(new Error(`the oracle ended with code ${code}`)),
    )
  })
}

function ourAnswer(text: string): Answer {
  try {
    return { value: run(text) }
  } catch (error) {
    if (error instanceof ExpressionError) return { error: error.reason }
    throw error
  }
}

/** JSON with more digits than a double holds is compared after the same rounding. */
function same(ours: Answer, theirs: Answer): boolean {
  return 'error' in ours || 'error' in theirs
    ? 'error' in ours && 'error' in theirs
    : isDeepStrictEqual(ours.value, theirs.value)
}

async function main(): Promise<number> {
  if (!existsSync(oracle)) {
    console.log(`skipped: Microsoft's evaluator is not at ${oracle}`)
    return 0
  }
  const { values } = parseArgs({ options: { count: { type: 'string' }, seed: { type: 'string' } } })
  const seed = Number(values.seed ?? 1)
  const observed = readFileSync(join(import.meta.dirname, 'observed.jsonl'), 'utf8')
    .trim()
    .split('\n')
  const known = observed.map((line) => String((JSON.parse(line) as { expression: string }).expression))
  const texts = [...known, ...fc.sample(expression, { numRuns: Number(values.count ?? 3_000), seed })]
  const answers = await ask(texts)
  let [agreed, failed, unwanted, expected] = [0, 0, 0, 0]
  for (const [index, text] of texts.entries()) {
    const theirs: Answer = JSON.parse(answers[index] ?? '{"error":"no answer"}')
    const ours = ourAnswer(text)
    if (same(ours, theirs)) {
      agreed++
      if ('error' in theirs) failed++
      continue
    }
    const [theirText, ourText] = [JSON.stringify(theirs), JSON.stringify(ours)]
    if (wanted.some((one) => one.matches(text, theirText, ourText))) {
      expected++
      continue
    }
    unwanted++
    if (unwanted <= 40)
      console.log(`${text}\n  theirs ${theirText.slice(0, 400)}\n  ours   ${ourText.slice(0, 400)}`)
  }
  console.log(
    `${texts.length} expressions (seed ${seed}): ${agreed} agree (${failed} of them errors), ` +
      `${expected} differ as wanted, ${unwanted} differ`,
  )
  return unwanted === 0 ? 0 : 1
}

process.exitCode = await main()
