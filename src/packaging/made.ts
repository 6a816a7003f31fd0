// Whether the bundle is made: nothing was compiled or installed since.

import { statSync } from "node:fs";
import { join } from "node:path";

/** The compiler writes the first whenever it writes anything, and npm the others. */
const inputs = [
  "build/tsconfig.tsbuildinfo",
  "package.json",
  "package-lock.json",
  "node_modules/.package-lock.json",
];

/** The last file that is written: a bundle without it is not complete. */
const last = "build/bundle/LICENSES.txt";

/** Whether the bundle of the project in this directory is younger than all that it is made of. */
export function isMade(root: string): boolean {
  const writtenAtMs = (file: string) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return inputs.every((file) => writtenAtMs(file) < writtenAtMs(last));
}
