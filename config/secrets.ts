import { readFileSync } from 'node:fs'
import { readDotEnv } from './dot-env.ts'
import { SettingsError, type SecretReference } from './settings.ts'

/**
 * The secret behind a reference, trimmed. Read where it is used, and never logged, stored or put into a run.
 * Throws a SettingsError that names the reference only.
 */
export function readSecret(
  reference: SecretReference,
  environment: Readonly<Record<string, string | undefined>> = {
    ...readDotEnv(process.cwd()),
    ...process.env,
  },
): string {
  const secret = readReference(reference, environment).trim()
  if (secret === '') throw new SettingsError(`The secret ${reference} is empty; set it`)
  return secret
}

function readReference(reference: string, environment: Readonly<Record<string, string | undefined>>): string {
  const [kind, place] = [
    reference.slice(0, reference.indexOf(':')),
    reference.slice(reference.indexOf(':') + 1),
  ]
  if (kind === 'env') {
    const value = environment[place]
    if (value === undefined)
      throw new SettingsError(`The secret ${reference} is missing; set the variable ${place}`)
    return value
  }
  if (kind !== 'file')
    throw new SettingsError('A secret is named by `env:NAME` or `file:PATH`; this reference is neither')
  try {
    return readFileSync(place, 'utf8')
  } catch (cause) {
    throw new SettingsError(`The secret ${reference} cannot be read; create the file or correct its path`, {
      cause,
    })
  }
}
