import type { JsonObject } from '../../adf/json.ts'
import { type Answer, httpServer } from './http-server.ts'

/**
 * The part of a workspace's Jobs API that activities use, as its documentation describes it: one run for one idempotency token, a
 * life cycle that moves on with each look.
 */
export async function databricksServer(
  options: {
    readonly looks?: number
    readonly result?: string
    readonly state?: string
    readonly stumbles?: number
  } = {},
) {
  const { looks = 2, result = '{"rows": 3}', state = 'SUCCESS', stumbles = 0 } = options
  const runs = new Map<string, { id: number; looks: number; cancelled: boolean; task: JsonObject }>()
  let refused = 0
  const find = (id: string | null) => [...runs.values()].find((run) => run.id === Number(id))
  const server = await httpServer((request): Answer => {
    if (request.headers.authorization !== 'Bearer token')
      return { status: 403, body: { message: 'Invalid access token.' } }
    const { pathname, searchParams } = new URL(request.url, 'http://x')
    const body = request.body === '' ? {} : (JSON.parse(request.body) as JsonObject)
    switch (pathname) {
      case '/api/2.1/jobs/runs/submit':
      case '/api/2.1/jobs/run-now': {
        const token = JSON.stringify(body['idempotency_token'])
        const known = runs.get(token) ?? { id: 101 + runs.size, looks: 0, cancelled: false, task: body }
        runs.set(token, known)
        return { body: { run_id: known.id } }
      }
      case '/api/2.1/jobs/runs/get': {
        if (refused++ < stumbles) return { status: 503, body: 'busy' }
        const run = find(searchParams.get('run_id'))
        if (run === undefined) return { status: 400, body: { message: 'Run does not exist.' } }
        run.looks += 1
        const life = run.cancelled || run.looks > looks ? 'TERMINATED' : 'RUNNING'
        const outcome = run.cancelled ? 'CANCELED' : state
        return {
          body: {
            run_id: run.id,
            run_page_url: `https://workspace/#job/${run.id}`,
            state: {
              life_cycle_state: life,
              ...(life === 'TERMINATED' && { result_state: outcome, state_message: 'said so' }),
            },
            tasks: [{ run_id: run.id + 1000 }],
          },
        }
      }
      case '/api/2.1/jobs/runs/get-output':
        return { body: { notebook_output: { result } } }
      case '/api/2.1/jobs/runs/cancel': {
        const run = find(JSON.stringify(body['run_id']))
        if (run !== undefined) run.cancelled = true
        return { body: {} }
      }
      default:
        return { status: 404, body: { message: `no ${pathname}` } }
    }
  })
  return { url: server.url, requests: server.requests, runs }
}
