// Colours, for terminals only.

import colors from "picocolors";

/** How a report marks what is good, bad and unimportant. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** Colours if `isTerminal` (and NO_COLOR is not set), plain text otherwise. */
export function paintFor(isTerminal: boolean): Paint {
  const { green, red, dim, bold } = colors.createColors(isTerminal && !process.env.NO_COLOR);
  return { good: green, bad: red, dim, bold };
}
