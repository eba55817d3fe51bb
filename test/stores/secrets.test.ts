import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { JsonValue } from '../../adf/json.ts'
import { readVaultSecret } from '../../config/vault.ts'
import { createSecrets } from '../../stores/secrets.ts'

async function secretsWith(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-secrets-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return createSecrets((secret) => readVaultSecret(folder, secret))
}

const ofVault = (secretName: JsonValue, more = {}): JsonValue => ({
  type: 'AzureKeyVaultSecret',
  store: { referenceName: 'kv', type: 'LinkedServiceReference' },
  secretName,
  ...more,
})

test('reads plain text, a SecureString and a secret of a vault', async () => {
  const secrets = await secretsWith({ 'kv/sql-password': 'hunter2\n' })
  expect(await secrets.text('plain', 'password')).toBe('plain')
  expect(await secrets.text({ type: 'SecureString', value: 's3' }, 'password')).toBe('s3')
  expect(await secrets.text(ofVault('sql-password'), 'password')).toBe('hunter2')
})

test.each<[title: string, value: JsonValue, message: RegExp]>([
  ['a number', 7, /^password must be text, \{ type: SecureString/],
  ['a vault without a name', ofVault(''), /needs store.referenceName and secretName/],
  [
    'a secret that is not there',
    ofVault('other'),
    /kv\/other is missing; write it into .*kv\/other, or set the variable HEADRACE_SECRET_OTHER$/,
  ],
  ['a name that leaves the folder', ofVault('../../etc/passwd'), /has no name that a vault allows/],
  ['a version', ofVault('sql-password', { secretVersion: '1' }), /leave secretVersion out/],
])('refuses %s', async (_title, value, message) => {
  const secrets = await secretsWith({ 'kv/sql-password': 'hunter2' })
  await expect(secrets.text(value, 'password')).rejects.toThrow(message)
})
