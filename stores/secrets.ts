import { DefinitionError } from '../adf/errors.ts'
import type { JsonObject, JsonValue } from '../adf/json.ts'

/** A secret of a vault as definitions name it. */
export interface VaultSecret {
  /** Name of the AzureKeyVault linked service. */
  readonly vault: string
  readonly name: string
  /** Null: the newest. */
  readonly version: string | null
}

/** Reads what definitions give as a secret, where it is used: it is never stored, logged or put into a run. */
export interface Secrets {
  /**
   * Text of a value that may be a secret: plain text, `{ type: SecureString, value }` or `{ type: AzureKeyVaultSecret, store, secretName, secretVersion? }`.
   * `place` names the property in errors. Throws a DefinitionError where it is none of these.
   */
  text(value: JsonValue, place: string): Promise<string>
}

export function createSecrets(readVault: (secret: VaultSecret) => string | Promise<string>): Secrets {
  return {
    async text(value, place) {
      if (typeof value === 'string') return value
      if (isObject(value)) {
        const { type } = value
        if (type === 'SecureString' && typeof value['value'] === 'string') return value['value']
        if (type === 'AzureKeyVaultSecret') return readVault(vaultSecret(value, place))
      }
      throw new DefinitionError(
        `${place} must be text, { type: SecureString, value } or { type: AzureKeyVaultSecret, store, secretName }`,
      )
    },
  }
}

function vaultSecret(value: JsonObject, place: string): VaultSecret {
  const { store, secretName, secretVersion } = value
  const vault = isObject(store) ? store['referenceName'] : undefined
  if (typeof vault !== 'string' || typeof secretName !== 'string' || secretName === '')
    throw new DefinitionError(
      `${place} is a secret of a vault without its place: it needs store.referenceName and secretName`,
    )
  return { vault, name: secretName, version: typeof secretVersion === 'string' ? secretVersion : null }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
