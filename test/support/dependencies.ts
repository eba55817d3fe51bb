import type { ActivitySettings, Dependencies } from '../../activities/activity.ts'

export const testSettings: ActivitySettings = {
  scanTimeZone: 'UTC',
  temporalUi: null,
  entraAuthority: 'http://127.0.0.1:1',
  callbackUrl: null,
}

const none = {
  get lake(): never {
    throw unused('lake')
  },
  get duckdb(): never {
    throw unused('DuckDB')
  },
  get warehouse(): never {
    throw unused('warehouse')
  },
  get secrets(): never {
    throw unused('secrets')
  },
  get stores(): never {
    throw unused('stores')
  },
  notifiers: [],
  settings: testSettings,
} satisfies Dependencies

/** What an activity works with in a test; reaching for what was not given fails the test. */
export function dependenciesWith(given: Partial<Dependencies>): Dependencies {
  const result = Object.defineProperties({}, Object.getOwnPropertyDescriptors(none))
  return Object.defineProperties(result, Object.getOwnPropertyDescriptors(given)) as Dependencies
}

function unused(what: string): Error {
  return new Error(`This test gave the activity no ${what}`)
}
