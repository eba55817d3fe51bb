import { openBronze } from './bronze-run.ts'

/** `node ingest-process.ts <home>`: ingests batch b1 of a home's inbox and prints a line at each report of progress. */
const home = process.argv[2]
if (home === undefined) throw new Error('usage: ingest-process.ts <home>')
await using bronze = await openBronze({ home, onProgress: () => process.stdout.write('.\n') })
await bronze.ingest('b1', { chunkSize: 3 })
