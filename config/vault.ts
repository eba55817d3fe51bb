import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSecret } from './secrets.ts'
import { SettingsError } from './settings.ts'

/** Names that Key Vault allows, and no more: they become a file name and a variable. */
const nameForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,126}$/

/**
 * A secret that definitions keep in Azure Key Vault, as this machine has it: the file `{folder}/{vault}/{name}`, else the variable
 * `HEADRACE_SECRET_{NAME}` (upper case, `-` as `_`). Versions are not told apart here: asking for one is an error, never another secret's value.
 */
export function readVaultSecret(
  folder: string,
  secret: { readonly vault: string; readonly name: string; readonly version: string | null },
): string {
  const { vault, name, version } = secret
  for (const part of [vault, name])
    if (!nameForm.test(part))
      throw new SettingsError(
        `The secret ${JSON.stringify(`${vault}/${name}`)} has no name that a vault allows: letters, digits, - and _`,
      )
  if (version !== null)
    throw new SettingsError(
      `The secret ${vault}/${name} is asked for in version ${version}; secrets of this machine have no versions: leave secretVersion out`,
    )
  const file = join(folder, vault, name)
  const variable = `HEADRACE_SECRET_${name.toUpperCase().replaceAll('-', '_')}`
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    if (text !== '') return text
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'))
      throw new SettingsError(`The secret ${vault}/${name} cannot be read from ${file}`, { cause })
  }
  try {
    return readSecret(`env:${variable}`)
  } catch (cause) {
    throw new SettingsError(
      `The secret ${vault}/${name} is missing; write it into ${file}, or set the variable ${variable}`,
      { cause },
    )
  }
}
