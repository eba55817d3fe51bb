/**
 * `hash_key(a, b, …)`, one to eight values of any type: a positive BIGINT below 2^60, the same on every machine and in every
 * version. It is the first 15 hex digits of the SHA-256 of a JSON array of the values' texts; a null is a JSON null, so it differs
 * from an empty text. -1 stays free for the unknown member.
 */
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

const overloads = letters.map((_, index) => {
  const used = letters.slice(0, index + 1)
  const texts = used.map((letter) => `CAST(${letter} AS VARCHAR)`).join(', ')
  return `(${used.join(', ')}) AS CAST('0x' || left(sha256(CAST(to_json([${texts}]) AS VARCHAR)), 15) AS BIGINT)`
})

/**
 * `sorted_sum(x)`, `sorted_avg(x)`, `sorted_stddev_samp(x)`: aggregates of doubles whose last digits do not depend on the order of rows,
 * of files, or on the number of threads, because they add up from the smallest value to the greatest. Nulls do not count. Sorting a
 * finished list takes a sixth of the time of `avg(x ORDER BY x)`, and works where that runs out of memory.
 */
const sorted = ['sum', 'avg', 'stddev_samp'].map(
  (name) =>
    `CREATE MACRO sorted_${name}(x) AS list_${name}(list_sort(list(x) FILTER (WHERE x IS NOT NULL)));`,
)

export const sessionMacros = `CREATE MACRO hash_key${overloads.join(', ')}; ${sorted.join(' ')}`
