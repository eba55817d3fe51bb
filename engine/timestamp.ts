/** ISO 8601 UTC with seven decimals, as ADF prints times. */
export function adfTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '0000Z')
}
