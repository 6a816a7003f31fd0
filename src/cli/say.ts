// Prints text for people, wrapped at the width of the terminal.

import type { Paint } from "../render/paint.js";
import { flowed } from "../report/flow.js";

/** Prints a text on standard output; see `flowed` for how long lines are broken. */
export function say(text: string, { width }: Paint, hanging?: number): void {
  console.log(flowed(text, width, hanging));
}
