/** A line as RFC 4180 has it. Null is an empty field, an empty text is `""`: so the two stay apart. */
export function csvLine(values: readonly (string | number | boolean | null)[]): string {
  return values.map(field).join(',')
}

function field(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
