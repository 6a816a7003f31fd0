// Colours and line width of terminal output.

import colors from "picocolors";

/** How a report marks what is good, bad and unimportant, and how much a line can hold. */
export interface Paint {
  /** For verdicts as they should be. */
  readonly good: (text: string) => string;
  /** For violations. */
  readonly bad: (text: string) => string;
  /** For what matters less. */
  readonly dim: (text: string) => string;
  /** For headings. */
  readonly bold: (text: string) => string;
  /** Tables give way to be no wider. */
  readonly width: number;
}

const plain = (text: string) => text;

/** No colours and no limit: for files, pipes and logs. */
export const noPaint: Paint = {
  good: plain,
  bad: plain,
  dim: plain,
  bold: plain,
  width: Number.POSITIVE_INFINITY,
};

/**
 * Colours if `isTerminal` (and NO_COLOR is not set), plain text otherwise. Lines are as wide as COLUMNS says
 * or, without it, as the terminal is; anything but a terminal has no limit.
 */
export function paintFor(isTerminal: boolean): Paint {
  const { green, red, dim, bold } = colors.createColors(isTerminal && !process.env.NO_COLOR);
  return { good: green, bad: red, dim, bold, width: widthFor(isTerminal) };
}

function widthFor(isTerminal: boolean): number {
  const said = Number(process.env.COLUMNS);
  if (Number.isSafeInteger(said) && said > 0) return said;
  return (isTerminal && process.stdout.columns) || Number.POSITIVE_INFINITY;
}
