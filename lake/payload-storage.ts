import { createHash } from 'node:crypto'
import type { DataConverter, Payload } from '@temporalio/common'
import type { Lake } from './lake.ts'

const folder = '_payloads'
/** Larger payloads leave the history for the lake. */
const thresholdBytes = 64 * 1024
/** A payload is held in memory by whoever reads it. */
const largestBytes = 1024 ** 3
/** Marks a payload that only says where the real one is. */
const referenceEncoding = 'json/headrace-lake'

/**
 * What client and worker must both be given as `dataConverter`: payloads above 64 KiB lie in the lake under `_payloads/{sha256}`,
 * the history holds their hash. Written once and never changed, so a repeated store is free.
 *
 * A codec, not the SDK's `ExternalStorage`: that one (1.24) fails with "type must be a Type" wherever npm installs protobufjs more
 * than once, as it does next to grpc.
 */
export function payloadStorage(lake: Lake): DataConverter {
  const codec = {
    encode: (payloads: Payload[]) => Promise.all(payloads.map((payload) => store(lake, payload))),
    decode: (payloads: Payload[]) => Promise.all(payloads.map((payload) => retrieve(lake, payload))),
  }
  return { payloadCodecs: [codec] }
}

async function store(lake: Lake, payload: Payload): Promise<Payload> {
  if ((payload.data?.length ?? 0) <= thresholdBytes) return payload
  const bytes = toBytes(payload)
  const sha256 = sha256Of(bytes)
  await lake.create(`${folder}/${sha256}`, bytes)
  return {
    metadata: { encoding: Buffer.from(referenceEncoding) },
    data: Buffer.from(JSON.stringify({ sha256, bytes: bytes.length })),
  }
}

async function retrieve(lake: Lake, payload: Payload): Promise<Payload> {
  const encoding = payload.metadata?.['encoding']
  if (encoding === undefined || Buffer.from(encoding).toString() !== referenceEncoding) return payload
  const { sha256 }: { sha256: string } = JSON.parse(Buffer.from(payload.data ?? []).toString())
  const bytes = await lake.readBytes(`${folder}/${sha256}`, largestBytes)
  const found = sha256Of(bytes)
  if (found !== sha256)
    throw new Error(`${folder}/${sha256} in the lake has changed: its content's SHA-256 is ${found}`)
  return fromBytes(bytes)
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
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
