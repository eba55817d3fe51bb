/** A table's or column's name in SQL text: checked, then quoted. Throws a TypeError on anything but letters, digits and `_`. */
export function quoteIdentifier(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new TypeError(
      `${JSON.stringify(name)} is no name for a table or column: letters, digits and _ only`,
    )
  }
  return `"${name}"`
}

export function quoteIdentifiers(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ')
}
