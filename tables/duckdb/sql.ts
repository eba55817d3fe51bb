/** `'it''s'` */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** `"name"` */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function nameList(names: readonly string[], alias?: string): string {
  const prefix = alias === undefined ? '' : `${alias}.`
  return names.map((name) => `${prefix}${quoteName(name)}`).join(', ')
}
