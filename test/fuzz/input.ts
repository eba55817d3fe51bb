import { createRandom } from '../../formats/gelsight/make/random.ts'
import { mutate } from './mutate.ts'

/** The n-th input of a target is a function of seed, target and n. */
export function inputOf(seed: number, target: string, n: number, seeds: readonly Buffer[]): Buffer {
  const random = createRandom(seed).fork(`${target}/${n}`)
  const input = random.pick(seeds)
  // The first ones go through unchanged: a target that refuses its own seeds tests nothing.
  return n < seeds.length ? (seeds[n] ?? input) : mutate(input, seeds, random)
}
