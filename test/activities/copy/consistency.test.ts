import { expect, test } from 'vitest'
import { copyPlant, csv, dataset } from './copying.ts'

const properties = {
  source: { type: 'DelimitedTextSource' },
  sink: { type: 'DelimitedTextSink' },
  validateDataConsistency: true,
}

test('compares row counts where that is asked, and says so', async () => {
  const plant = await copyPlant()
  await plant.put('in/a.csv', 'id\n1\n2\n')
  const output = await plant.copy(
    properties,
    dataset('DelimitedText', 'in', 'a.csv', csv),
    dataset('DelimitedText', 'out', 'a.csv', csv),
  )
  expect(output['dataConsistencyVerification']).toEqual({
    VerificationResult: 'Verified',
    InconsistentData: 'None',
  })
})

test('fails where the source gives other rows than were written', async () => {
  const plant = await copyPlant()
  const source = { type: 'DelimitedTextSource', additionalColumns: [{ name: 'x', value: 'y' }] }
  await plant.put('in/a.csv', 'id\n1\n2\n')
  const { stores } = plant.dependencies
  const store = await stores.open({ name: 'plant', type: 'FileServer', typeProperties: { host: 'plant' } })
  if (store.kind !== 'files') throw new TypeError('no files')
  // Somebody writes on while the copy runs: between its two looks at the source.
  const changing = new Proxy(store, {
    get(target, key) {
      if (key === 'writeFromFile')
        return async (path: string, file: string) => {
          await plant.put('in/a.csv', 'id\n1\n2\n3\n')
          return target.writeFromFile(path, file)
        }
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  const copied = plant.copyWith(
    { stores: { ...stores, open: async () => changing } },
    { ...properties, source },
    dataset('DelimitedText', 'in', 'a.csv', csv),
    dataset('DelimitedText', 'out', 'a.csv', csv),
  )
  await expect(copied).rejects.toThrow(/the source gives 3 rows and 2 were written/)
})

test('refuses several files for one name of the sink', async () => {
  const plant = await copyPlant()
  await plant.put('in/a.csv', 'id\n1\n')
  await plant.put('in/b.csv', 'id\n2\n')
  const copied = plant.copy(
    { source: { type: 'DelimitedTextSource' }, sink: { type: 'DelimitedTextSink' } },
    dataset('DelimitedText', 'in', null, csv),
    dataset('DelimitedText', 'out', 'all.csv', csv),
  )
  await expect(copied).rejects.toThrow(
    /in\/a\.csv and in\/b\.csv would both become all\.csv; use copyBehavior/,
  )
})
