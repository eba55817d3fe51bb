import { createHash } from 'node:crypto'
import type { DataConverter, Payload, StorageDriver } from '@temporalio/common'
import { ExternalStorage, StorageDriverClaim } from '@temporalio/common'
import type { Lake } from './lake.ts'

const folder = '_payloads'
/** Larger payloads leave the history for the lake. */
const thresholdBytes = 64 * 1024
/** A payload is held in memory by whoever reads it. */
const largestBytes = 1024 ** 3

/**
 * What client and worker must both be given as `dataConverter`: payloads above 64 KiB lie in the lake under `_payloads/{sha256}`,
 * the history holds their hash. Written once and never changed, so a repeated store is free.
 */
export function payloadStorage(lake: Lake): DataConverter {
  const driver: StorageDriver = {
    name: 'lake',
    type: 'headrace.lake',
    store: (_context, payloads) => Promise.all(payloads.map((payload) => store(lake, payload))),
    retrieve: (_context, claims) => Promise.all(claims.map((claim) => retrieve(lake, claim))),
  }
  return { externalStorage: new ExternalStorage({ drivers: [driver], payloadSizeThreshold: thresholdBytes }) }
}

async function store(lake: Lake, payload: Payload): Promise<StorageDriverClaim> {
  const bytes = toBytes(payload)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await lake.create(`${folder}/${sha256}`, bytes)
  return new StorageDriverClaim({ sha256 })
}

async function retrieve(lake: Lake, claim: StorageDriverClaim): Promise<Payload> {
  const { sha256 } = claim.claimData
  if (sha256 === undefined)
    throw new TypeError('A stored payload is named by its sha256; this claim has none')
  const bytes = await lake.readBytes(`${folder}/${sha256}`, largestBytes)
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256)
    throw new Error(`${folder}/${sha256} in the lake has changed: its content's SHA-256 is ${found}`)
  return fromBytes(bytes)
}

/** One line of JSON with the payload's metadata (base64), then its data as it is. */
function toBytes(payload: Payload): Buffer {
  const metadata = Object.entries(payload.metadata ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value).toString('base64'),
  ])
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(Object.fromEntries(metadata))}\n`),
    payload.data ?? Buffer.alloc(0),
  ])
}

function fromBytes(bytes: Buffer): Payload {
  const end = bytes.indexOf('\n')
  const header: Record<string, string> = JSON.parse(bytes.subarray(0, end).toString())
  const metadata = Object.entries(header).map(([key, value]) => [key, Buffer.from(value, 'base64')])
  return { metadata: Object.fromEntries(metadata), data: bytes.subarray(end + 1) }
}
