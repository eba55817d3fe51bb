import { defineConfig } from 'vitest/config'

/** `npm run histories`: records the histories that `npm test` replays. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/histories/record*.ts'],
    globalSetup: ['test/support/temporal-server.ts'],
  },
})
