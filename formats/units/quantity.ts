/** Units that values are converted to. */
export type Unit = 'mm' | 'mm2' | 'mm3' | 'um' | 'deg' | 'count'

export interface Quantity {
  /** In `unit`; as written where there is none. */
  readonly value: number
  /** Null: a bare number, or a unit that is not known (`unitText` tells). */
  readonly unit: Unit | null
  /** As written; null for a bare number. */
  readonly unitText: string | null
}

/** Why a text is no quantity; null: it does not look like one at all. */
export interface NoQuantity {
  readonly problem: string | null
}

interface Conversion {
  readonly unit: Unit
  readonly times?: number
  /** Dividing by a thousand is exact where multiplying by 0.001 is not. */
  readonly over?: number
}

const conversions: Readonly<Record<string, Conversion>> = {
  mm: { unit: 'mm' },
  cm: { unit: 'mm', times: 10 },
  m: { unit: 'mm', times: 1000 },
  in: { unit: 'mm', times: 25.4 },
  inch: { unit: 'mm', times: 25.4 },
  mm2: { unit: 'mm2' },
  cm2: { unit: 'mm2', times: 100 },
  um2: { unit: 'mm2', over: 1e6 },
  mm3: { unit: 'mm3' },
  cm3: { unit: 'mm3', times: 1000 },
  um3: { unit: 'mm3', over: 1e9 },
  um: { unit: 'um' },
  nm: { unit: 'um', over: 1000 },
  deg: { unit: 'deg' },
  '°': { unit: 'deg' },
  count: { unit: 'count' },
}

// Each digit can be matched in one way only: a text of a million digits takes no longer than it is long.
const pattern = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)(?:\s*([^\d\s.,+()[\]-][^\d\s,()[\]]*[23]?))?$/i
const decimalComma = /^[+-]?\d+,\d+(?:\s*[^\d\s,]\S*)?$/
const notFinite = /^[+-]?(?:inf|infinity|nan|\.inf|\.nan)\b/i

/** Reads `1.10483882013 mm`, `0.77854575067 mm²`, `0.8 µm` or a bare number. */
export function readQuantity(text: string): Quantity | NoQuantity {
  const trimmed = text.trim()
  const match = pattern.exec(trimmed)
  if (match === null) {
    if (decimalComma.test(trimmed))
      return { problem: `${quote(text)} has a decimal comma; numbers are written with a point` }
    if (notFinite.test(trimmed)) return { problem: `${quote(text)} is no finite number` }
    return { problem: null }
  }
  const number = Number(match[1])
  if (!Number.isFinite(number)) return { problem: `${quote(text)} is no finite number` }
  const unitText = match[2] ?? null
  const conversion = unitText === null ? undefined : conversions[normaliseUnit(unitText)]
  if (conversion === undefined) return { value: number, unit: null, unitText }
  const value = (number * (conversion.times ?? 1)) / (conversion.over ?? 1)
  return Number.isFinite(value)
    ? { value, unit: conversion.unit, unitText }
    : { problem: `${quote(text)} is no finite number in ${conversion.unit}` }
}

export function isQuantity(read: Quantity | NoQuantity): read is Quantity {
  return 'value' in read
}

/** `mm²`, `mm^2` → `mm2`; micro sign (U+00B5) and Greek mu (U+03BC) → `u`. */
function normaliseUnit(text: string): string {
  return text
    .replace(/[\u00b5\u03bc]/g, 'u')
    .replace('²', '2')
    .replace('³', '3')
    .replace('^', '')
    .toLowerCase()
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
