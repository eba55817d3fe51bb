import { openBronze } from './bronze-run.ts'

/** `node measured-ingest.ts <home>`: ingests batch b1 of a home's inbox and prints the most memory that it took, in bytes. */
const home = process.argv[2]
if (home === undefined) throw new Error('usage: measured-ingest.ts <home>')
{
  await using bronze = await openBronze({ home })
  await bronze.ingest('b1')
}
console.log(process.resourceUsage().maxRSS * 1024)
