import type { Notifier } from './notifier.ts'

export interface WebhookOptions {
  /** Name of the channel, as pipelines and messages call it. */
  readonly name?: string
  /** Read at each sending: the address is a secret, as it often lets whoever knows it post. */
  readonly url: () => string
  /** Further headers, such as `Authorization`; read at each sending, never logged. */
  readonly headers?: Readonly<Record<string, () => string>>
  /** Whole exchange. Default 10 s. */
  readonly timeoutMs?: number
}

/**
 * Posts the notification as JSON. Any 2xx is success; all else throws, without the address. The deduplication key is in the body and in
 * the header `Idempotency-Key`.
 */
export function webhookNotifier(options: WebhookOptions): Notifier {
  const name = options.name ?? 'webhook'
  const timeoutMs = options.timeoutMs ?? 10_000
  return {
    name,
    async send(notification, signal) {
      const response = await post(
        name,
        address(name, options.url()),
        {
          ...secretHeaders(name, options.headers ?? {}),
          'Content-Type': 'application/json',
          'Idempotency-Key': notification.deduplicationKey,
        },
        JSON.stringify(notification),
        signal,
        timeoutMs,
      )
      await response.body?.cancel()
      if (response.ok) return
      const hint = response.status >= 300 && response.status < 400 ? '; give the address it redirects to' : ''
      throw new Error(`channel ${name} answered ${response.status}; a 2xx was expected${hint}`)
    },
  }
}

async function post(
  name: string,
  url: URL,
  headers: Record<string, string>,
  body: string,
  cancelled: AbortSignal,
  timeoutMs: number,
): Promise<Response> {
  const late = AbortSignal.timeout(timeoutMs)
  const signal = AbortSignal.any([cancelled, late])
  try {
    // A followed redirect would turn the POST into a GET on 301 and 302 and report success.
    return await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
  } catch (error) {
    cancelled.throwIfAborted()
    if (late.aborted) {
      throw new Error(`channel ${name} at ${url.host} did not answer within ${timeoutMs} ms`, {
        cause: error,
      })
    }
    throw new Error(`channel ${name} at ${url.host} cannot be reached`, { cause: error })
  }
}

function address(name: string, text: string): URL {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`the address of channel ${name} is no http:// or https:// address; correct the secret`)
  }
  return url
}

/** Checked here because `fetch` names a header's value when it refuses it. */
function secretHeaders(
  name: string,
  headers: Readonly<Record<string, () => string>>,
): Record<string, string> {
  const read: Record<string, string> = {}
  for (const [header, value] of Object.entries(headers)) {
    const text = value()
    if (!/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(text)) {
      throw new Error(
        `header ${header} of channel ${name} holds a character that no header may hold; correct the secret`,
      )
    }
    read[header] = text
  }
  return read
}
