// Colours, for terminals only.

import colors from "picocolors";

/** How a report marks what is good, bad and unimportant. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const plain = (text: string) => text;

/** No colours: for files, pipes and logs. */
export const noPaint: Paint = { good: plain, bad: plain, dim: plain, bold: plain };

/** Colours if `isTerminal` (and NO_COLOR is not set), plain text otherwise. */
export function paintFor(isTerminal: boolean): Paint {
  const { green, red, dim, bold } = colors.createColors(isTerminal && !process.env.NO_COLOR);
  return { good: green, bad: red, dim, bold };
}
