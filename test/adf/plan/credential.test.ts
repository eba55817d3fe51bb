import { expect, test } from 'vitest'
import { checkFactory } from '../../../adf/check/check-factory.ts'
import { factoryOf, planOf } from './in-memory-factory.ts'

const key = { type: 'AzureKeyVaultSecret', store: { referenceName: 'kv' }, secretName: 's' }
const files = (credential: object, service: object = {}) => ({
  'pipeline/x.yaml':
    'properties: { activities: [{ name: g, type: GetMetadata, typeProperties: { fieldList: [exists], dataset: { referenceName: d } } }] }',
  'dataset/d.yaml':
    'properties: { type: Binary, linkedServiceName: { referenceName: api }, typeProperties: { location: { relativeUrl: a } } }',
  'linkedService/api.json': JSON.stringify({
    properties: {
      type: 'HttpServer',
      typeProperties: {
        url: 'https://x.example',
        authenticationType: 'AadServicePrincipal',
        credential: { referenceName: 'Ours', type: 'CredentialReference' },
        ...service,
      },
    },
  }),
  'credential/ours.json': JSON.stringify({ name: 'ours', properties: credential }),
})
const principal = {
  type: 'ServicePrincipal',
  typeProperties: { tenant: 't', servicePrincipalId: 'id', servicePrincipalKey: key },
}
const ids = (given: Record<string, string>) =>
  checkFactory(factoryOf(given)).pipelines.flatMap(({ findings }) =>
    findings.filter(({ level }) => level !== 'note').map(({ id, message }) => `${id}: ${message}`),
  )

test('a ServicePrincipal credential becomes properties of the linked service that names it; its own ones win', () => {
  const { plan, issues } = planOf(files(principal, { tenant: 'own' }))
  expect(issues).toEqual([])
  expect(plan?.linkedServices['api']?.typeProperties).toMatchObject({
    tenant: 'own',
    servicePrincipalId: 'id',
    servicePrincipalKey: key,
  })
  expect(ids(files(principal))).toEqual([])
})

test('a managed identity is told, and so is a credential that is not there', () => {
  expect(ids(files({ type: 'ManagedIdentity', typeProperties: { resourceId: 'r' } }))).toEqual([
    'credential: is an identity of Azure that this machine does not have; a ServicePrincipal credential in credential/ works',
  ])
  const dangling = ids(
    files(principal, { credential: { referenceName: 'our', type: 'CredentialReference' } }),
  )
  expect(dangling[0]).toContain('"our" is not a credential here; did you mean "ours"?')
})
