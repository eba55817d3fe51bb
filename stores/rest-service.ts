import type { ResolvedLinkedService } from '../adf/run/run.ts'
import { type HttpService, httpService } from './http/service.ts'
import type { StoreContext } from './open-store.ts'

/** A REST API: asked page by page. */
export interface RestStore extends HttpService {
  readonly kind: 'rest'
}

export async function openRestService(
  service: ResolvedLinkedService,
  { secrets, settings }: StoreContext,
): Promise<RestStore> {
  return { kind: 'rest', ...httpService(service, { secrets, authority: settings.entraAuthority }) }
}
