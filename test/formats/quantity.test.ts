import { expect, it } from 'vitest'
import { readQuantity } from '../../formats/units/quantity.ts'

it.each([
  ['1.10483882013 mm', 1.10483882013, 'mm', 'mm'],
  ['0.77854575067 mm²', 0.77854575067, 'mm2', 'mm²'],
  ['0.5 mm2', 0.5, 'mm2', 'mm2'],
  ['0.5 mm^2', 0.5, 'mm2', 'mm^2'],
  ['0.0218922324125 mm³', 0.0218922324125, 'mm3', 'mm³'],
  ['0.8 \u00b5m', 0.8, 'um', '\u00b5m'],
  ['0.8 \u03bcm', 0.8, 'um', '\u03bcm'],
  ['0.8um', 0.8, 'um', 'um'],
  ['5 nm', 0.005, 'um', 'nm'],
  ['2 cm', 20, 'mm', 'cm'],
  ['1 in', 25.4, 'mm', 'in'],
  ['12 °', 12, 'deg', '°'],
  ['-1.5e-3 mm', -0.0015, 'mm', 'mm'],
  ['.5', 0.5, null, null],
  ['  36 ', 36, null, null],
  ['3 furlong', 3, null, 'furlong'],
])('reads %j', (text, value, unit, unitText) => {
  expect(readQuantity(text)).toEqual({ value, unit, unitText })
})

it.each([
  ['1,5 mm', '"1,5 mm" has a decimal comma; numbers are written with a point'],
  ['1e400 mm', '"1e400 mm" is no finite number'],
  ['1e308 m', '"1e308 m" is no finite number in mm'],
  ['inf', '"inf" is no finite number'],
  ['-inf mm', '"-inf mm" is no finite number'],
  ['nan', '"nan" is no finite number'],
  ['', null],
  ['None', null],
  ['0x10', null],
  ['1 2', null],
  ['1.2.3 mm', null],
  ['(1, 2)', null],
  ['Information', null],
])('does not take %j for a quantity', (text, problem) => {
  expect(readQuantity(text)).toEqual({ problem })
})

it.each([
  '1'.repeat(1_000_000) + ',',
  `${'1'.repeat(1_000_000)}.${'1'.repeat(1_000_000)},`,
  `1${' '.repeat(1_000_000)},`,
])('takes no longer for a text than it is long', (text) => {
  const start = performance.now()
  expect(readQuantity(text)).toHaveProperty('problem')
  expect(performance.now() - start).toBeLessThan(1_000)
})
