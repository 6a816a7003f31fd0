// Loads a file that describes a class (`turncoat/real`). It is bundled and run in a realm, never imported into this process: its imports
// would be, too.

import { readFileSync } from "node:fs";
import { bundle } from "./bundle.js";
import { type RealProtocol, realProtocol } from "./protocol.js";

/** Whether a module imports turncoat/real, which is how it says what it is. */
export function isRealFile(file: string): boolean {
  return /["']turncoat\/real["']/.test(readFileSync(file, "utf8"));
}

const loaded = new Map<string, Promise<RealProtocol>>();

/**
 * The protocol in a file; the same for every call.
 *
 * @throws {UserError} `bad-module`.
 */
export function loadReal(file: string, path: string): Promise<RealProtocol> {
  let known = loaded.get(file);
  if (known === undefined) {
    known = bundle(file).then((one) => realProtocol(one, path));
    loaded.set(file, known);
  }
  return known;
}
