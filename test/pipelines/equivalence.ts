import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom, type Random } from '../../formats/gelsight/make/random.ts'
import { byHand, byTwoInstallations, differencesOf, type Turns, type Way } from '../support/equivalence.ts'
import { makeDrops } from '../support/gelsight-drops.ts'

/**
 * `npm run equivalence -- --orders 20 --seed 7`: the same six drops in arrangements drawn by chance, as batches one after the other, at the same
 * time, or from two installations on one lake, each compared with one batch of them all. Exit code 1 when silver or gold differ.
 */
const { values } = parseArgs({
  options: { orders: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
})

/** All drops in some order, cut into turns of one to three batches of one to three drops. */
function draw(drops: readonly string[], random: Random): string[][][] {
  const left = shuffled(drops, random)
  const turns: string[][][] = []
  while (left.length > 0) {
    const batches = Array.from({ length: 1 + random.integer(3) }, () => left.splice(0, 1 + random.integer(3)))
    turns.push(batches.filter((batch) => batch.length > 0))
  }
  return turns
}

function shuffled(drops: readonly string[], random: Random): string[] {
  const keyed = drops.map((drop) => ({ drop, key: random.next() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ drop }) => drop)
}

function textOf(turns: Turns): string {
  return turns.map((batches) => batches.map((batch) => batch.join('+')).join(' | ')).join(' ; ')
}

async function main(): Promise<number> {
  const [orders, seed] = [Number(values.orders), Number(values.seed)]
  const drops = await mkdtemp(join(tmpdir(), 'headrace-drops-'))
  const way = (name: string): Way => ({ name, drops })
  try {
    const made = await makeDrops(drops)
    const all = [...made.bare, ...made.whole, made.calibrations, made.laterCalibrations]
    const once = await byHand(way('once'), [[all]])
    const random = createRandom(seed)
    let wrong = 0
    for (let n = 0; n < orders; n += 1) {
      const own = random.fork(`order/${n}`)
      const turns = draw(all, own)
      const isPair = n % 4 === 3
      const began = performance.now()
      const outcome = isPair
        ? await byTwoInstallations(way('pair'), turns.flat())
        : await byHand(way('order'), turns)
      const found = differencesOf(once, outcome)
      const seconds = ((performance.now() - began) / 1000).toFixed(0)
      const how = isPair ? 'two installations' : 'one installation'
      console.log(
        `seed ${seed}, order ${n}: ${found.length === 0 ? 'the same' : 'DIFFERS'}, ${seconds} s, ${how}: ${textOf(turns)}`,
      )
      for (const line of found) console.log(`    ${line}`)
      if (found.length > 0) wrong += 1
    }
    console.log(`${orders} orders: ${orders - wrong} the same, ${wrong} not`)
    return wrong === 0 ? 0 : 1
  } finally {
    await rm(drops, { recursive: true, force: true })
  }
}

process.exitCode = await main()
