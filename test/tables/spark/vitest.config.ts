import { defineConfig } from 'vitest/config'

/** `npm run test:spark`: what Spark's own Delta reads of Headrace's tables and writes for it; needs Java 17, Maven and Python. */
export default defineConfig({
  test: {
    testTimeout: 600_000,
    hookTimeout: 600_000,
    root: new URL('../../..', import.meta.url).pathname,
    include: ['test/tables/spark/*.spark.ts'],
  },
})
