import { defineConfig } from 'vitest/config'

const usesTemporal = ['workflows', 'workers', 'clients', 'kill', 'pipelines']

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: usesTemporal.map((room) => `test/${room}/**`),
        },
      },
      {
        extends: true,
        test: {
          name: 'temporal',
          include: usesTemporal.map((room) => `test/${room}/**/*.test.ts`),
          globalSetup: ['test/support/temporal-server.ts'],
        },
      },
    ],
  },
})
