// Numbers with what they count.

/** As in `1 slot` and `2 slots`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
