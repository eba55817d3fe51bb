/** A name that is not taken: the wanted one, or one with the place in the list, and with what else it takes. */
export function freeName(wanted: string, index: number, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted
  for (let name = `${wanted}#${index}`; ; name = `${name}#`) if (!taken.has(name)) return name
}
