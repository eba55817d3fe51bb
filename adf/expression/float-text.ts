/**
 * A double as .NET writes it for the engine: shortest digits that read back the same, exponent form below 1E-04 and
 * from 1E+17 on, with a sign and at least two digits (`1E-05`, `1.5E+17`). `-0` keeps its sign.
 */
export function formatFloat(value: number): string {
  if (Object.is(value, -0)) return '-0'
  if (!Number.isFinite(value)) return String(value)
  const [digits = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent >= 17 || exponent < -4) {
    return `${digits}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  // JavaScript's own form is plain between 1e-6 and 1e21, and it pads shortest digits with zeros just as .NET does.
  return String(value)
}
