import { expect, test } from 'vitest'
import { withoutSecureStrings } from '../../engine/hidden-secrets.ts'

test('replaces the values of SecureString objects at any depth and nothing else', () => {
  const password = { type: 'SecureString', value: 'hunter2' }
  const shown = { type: 'SecureString', value: '**********' }
  expect(
    withoutSecureStrings({
      url: 'x',
      authentication: { password },
      list: [password, { type: 'String', value: 'v' }, null],
    }),
  ).toEqual({
    url: 'x',
    authentication: { password: shown },
    list: [shown, { type: 'String', value: 'v' }, null],
  })
})
