import { realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { DefinitionError } from '../adf/errors.ts'
import type { StoreSettings } from './store.ts'

/**
 * A place of this machine that a linked service names: a relative one lies below `{home}/stores`, an absolute one must lie below a folder that
 * the installation allows, links followed. `what` begins the errors: `Linked service 'x' has host "…"`; `instead`
 * ends those about what is not allowed.
 */
export async function localPlace(
  given: string,
  what: string,
  settings: StoreSettings,
  instead = 'give one that is allowed',
): Promise<string> {
  if (!isAbsolute(given)) {
    const place = resolve(settings.folder, given)
    if (isBelow(place, settings.folder)) return place
    throw new DefinitionError(
      `${what}, which leads out of ${settings.folder}; give an absolute path below one of HEADRACE_LOCAL_FOLDERS`,
    )
  }
  const place = await realPlace(resolve(given))
  for (const one of settings.localFolders) if (isBelow(place, await realPlace(one))) return place
  throw new DefinitionError(
    `${what}, which lies below no folder that this installation opens to pipelines; allowed are: ${settings.localFolders.join(', ') || 'none'}. Add it to HEADRACE_LOCAL_FOLDERS, or ${instead}`,
  )
}

function isBelow(place: string, top: string): boolean {
  const way = relative(top, place)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** Without symbolic links; of what is not there yet, its nearest parent that is, with the rest. */
async function realPlace(path: string): Promise<string> {
  const rest: string[] = []
  for (let place = path; ; place = resolve(place, '..')) {
    const real = await realpath(place).catch(() => null)
    if (real !== null) return join(real, ...rest)
    if (resolve(place, '..') === place) return path
    rest.unshift(place.slice(place.lastIndexOf(sep) + 1))
  }
}
